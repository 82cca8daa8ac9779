"""Every step of a rapportage × every role × every state (domein.md, rule 7), and what each step leaves behind."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from monitoring.actions import Incomplete, NotAllowedNow, save_score
from monitoring.models import Besluit, Momentopname, Opmerking, Rapportage, Teruggave, Voortgangsscore
from regio.models import Lidmaatschap, Overleg
from tests.killing import outlives
from tests.monitoring.decisions import REASON, STATES, Besluitvorming, Kwartaalbesluitvorming, sweep_frozen_rows
from thuiszitters.actions import NotAllowedNow as Closed
from thuiszitters.actions import return_opgave, submit_opgave
from thuiszitters.models import Telmoment

# For each step and role, what happens in each of STATES: j it is done, n not now, - never by this role.
#                              niets, concept, voorgelegd, teruggegeven, vastgesteld, heropend
NEVER = {"invoerder": "------", "beheerder": "------", "elders": "------"}
OF_SCORES = {
    "voorleggen": {
        "indiener": "jjnjnj",
        "secretaris": "jjnjnj",
        "oogo-lid": "------",
        "indienend lid": "jjnjnj",
        "coordinator": "------",
        **NEVER,
    },
    "teruggeven": {
        "indiener": "nnjnnn",
        "secretaris": "nnjnnn",
        "oogo-lid": "nnjnnn",
        "indienend lid": "nnjnnn",
        "coordinator": "------",
        **NEVER,
    },
    # Who submitted cannot adopt, not even when they sit in the OOGO too.
    "vaststellen": {
        "indiener": "------",
        "secretaris": "------",
        "oogo-lid": "nnjnnn",
        "indienend lid": "nnnnnn",
        "coordinator": "------",
        **NEVER,
    },
    "registreren": {
        "indiener": "nnjnnn",
        "secretaris": "nnjnnn",
        "oogo-lid": "------",
        "indienend lid": "nnjnnn",
        "coordinator": "------",
        **NEVER,
    },
    "heropenen": {
        "indiener": "nnnnjn",
        "secretaris": "nnnnjn",
        "oogo-lid": "nnnnjn",
        "indienend lid": "nnnnjn",
        "coordinator": "------",
        **NEVER,
    },
}
# A quarter of counts goes to the REA: secretaris and coördinator judge it, an OOGO-lid does not.
OF_COUNTS = {
    "voorleggen": OF_SCORES["voorleggen"],
    "teruggeven": OF_SCORES["teruggeven"] | {"oogo-lid": "------", "coordinator": "nnjnnn"},
    "vaststellen": OF_SCORES["vaststellen"]
    | {"indiener": "nnnnnn", "secretaris": "nnjnnn", "oogo-lid": "------", "coordinator": "nnjnnn"},
    "registreren": OF_SCORES["registreren"],
    "heropenen": OF_SCORES["heropenen"] | {"oogo-lid": "------", "coordinator": "nnnnjn"},
}
TABLE = {"scores": OF_SCORES, "aantallen": OF_COUNTS}
WORLDS = {"scores": Besluitvorming, "aantallen": Kwartaalbesluitvorming}
AFTER = {
    "voorleggen": "voorgelegd",
    "teruggeven": "teruggegeven",
    "vaststellen": "vastgesteld",
    "registreren": "vastgesteld",
    "heropenen": "concept",
}


@pytest.fixture
def world(db: None) -> Besluitvorming:
    return Besluitvorming()


def take(world: Besluitvorming, step: str, by: Any) -> None:
    steps: dict[str, Callable[[], Any]] = {
        "voorleggen": lambda: world.submit(by=by),
        "teruggeven": lambda: world.give_back(by=by),
        "vaststellen": lambda: world.adopt(by=by),
        "registreren": lambda: world.adopt(by=by, als_registratie=True),
        "heropenen": lambda: world.reopen(by=by),
    }
    steps[step]()


def outcome(world: Besluitvorming, step: str, by: Any) -> str:
    """Take the step, tell as the table does what came of it, and undo it."""
    before = world.rapportages.values_list("status", "versie").first()
    try:
        with transaction.atomic():
            take(world, step, by)
            after = world.rapportages.get().status
            told = "j" if after == AFTER[step] else f"became {after}"
            transaction.set_rollback(True)
    except PermissionDenied:
        told = "-"
    except NotAllowedNow:
        told = "n"
    assert world.rapportages.values_list("status", "versie").first() == before
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("submitter", ["indiener", "indienend lid"])
@pytest.mark.parametrize("kind", TABLE)
def test_every_step_by_every_role_in_every_state(kind: str, state: str, submitter: str):
    world, table = WORLDS[kind](), TABLE[kind]
    both = world.people["indiener"]
    if submitter == "indienend lid":
        Lidmaatschap.objects.create(gebruiker=both, regio=world.regio, rol=world.judging)
    world.bring_to(state)
    people = world.people if submitter == "indiener" else {"indienend lid": both}

    told = {(step, name): outcome(world, step, person) for step in table for name, person in people.items()}

    column = STATES.index(state)
    assert told == {(step, name): table[step][name][column] for step in table for name in people}


@pytest.mark.parametrize(("state", "may"), list(zip(STATES, "jjnjnj", strict=True)))
def test_scores_change_only_while_the_report_is_open(world: Besluitvorming, state: str, may: str):
    world.bring_to(state)
    score = Voortgangsscore.objects.get(doel=world.b1, meetmoment=world.moment)
    fields: dict[str, Any] = {"doel": world.b1, "meetmoment": world.moment, "organisatie": None, "waarde": score.waarde}
    try:
        save_score(**fields, toelichting="Nieuw", versie=score.versie, by=world.indiener)
    except NotAllowedNow:
        assert (may, world.text_of(world.b1)) == ("n", "Beter bij B1")
    else:
        assert (may, world.text_of(world.b1)) == ("j", "Nieuw")


# What each step leaves behind


def test_returning_keeps_the_whole_reason_and_that_of_each_doel_for_good(world: Besluitvorming):
    world.submit()
    world.give_back(per_doel={world.b1: "Onderbouw dit."})
    world.submit()
    world.adopt()
    world.reopen()

    given = Teruggave.objects.get()
    assert (given.versie, given.reden, given.door) == (1, REASON, world.lid)
    assert [(o.doel, o.tekst) for o in given.opmerkingen.all()] == [(world.b1, "Onderbouw dit.")]
    assert REASON in Rapportage.history.values_list("history_change_reason", flat=True)


def test_adopting_records_body_date_reference_remarks_and_person(world: Besluitvorming):
    world.submit()
    world.adopt(uitspraak=world.uitspraak(opmerkingen="Met dank.", per_doel={world.a1: "Vinger aan de pols."}))

    besluit = Besluit.objects.get()
    assert (besluit.overleg, besluit.vergaderdatum, besluit.kenmerk) == (
        world.oogo,
        date(2025, 9, 11),
        "OOGO 2025-3, punt 4",
    )
    assert (besluit.opmerkingen, [o.tekst for o in besluit.per_doel.all()]) == ("Met dank.", ["Vinger aan de pols."])
    assert (besluit.vastgesteld_door, besluit.geregistreerd_door) == (world.lid, None)


def test_a_registration_is_recorded_as_exactly_that(world: Besluitvorming):
    world.submit()
    world.adopt(by=world.indiener, als_registratie=True)

    besluit = Besluit.objects.get()
    assert (besluit.vastgesteld_door, besluit.geregistreerd_door) == (None, world.indiener)


def test_reopening_begins_the_next_version_and_leaves_the_first(world: Besluitvorming):
    world.bring_to("heropend")
    first = Momentopname.objects.get()

    rapportage = Rapportage.objects.get()
    assert (rapportage.status, rapportage.versie, rapportage.voorgelegd_op) == ("concept", 2, None)
    assert rapportage.reden_heropening == "Een cijfer klopte niet."

    world.submit()
    world.adopt()
    assert list(Momentopname.objects.values_list("versie", flat=True)) == [1, 2]
    assert Momentopname.objects.get(versie=1).sha256 == first.sha256


def test_what_was_submitted_anew_is_not_adopted_unread(world: Besluitvorming):
    world.submit()
    read = Rapportage.objects.get().voorgelegd_op
    assert read
    world.give_back()
    world.submit(op=None)

    with pytest.raises(NotAllowedNow, match="opnieuw voorgelegd"):
        world.adopt(gezien=read.isoformat())
    assert not Besluit.objects.exists()


def test_an_incomplete_meetmoment_is_not_submitted(world: Besluitvorming):
    Voortgangsscore.objects.filter(doel=world.b1, meetmoment=world.moment).update(waarde=None)

    with pytest.raises(Incomplete) as refusal:
        world.submit()
    assert [entry.doel for entry in refusal.value.entries] == [world.b1]


def test_only_a_bestuurlijk_overleg_of_the_own_regio_adopts(world: Besluitvorming):
    world.submit()
    strange = Overleg.objects.create(
        regio=Lidmaatschap.objects.get(gebruiker=world.people["elders"]).regio, naam="Elders", niveau="bestuurlijk"
    )
    for overleg in (world.rea, strange):
        with pytest.raises(NotAllowedNow, match="geen bestuurlijk overleg"):
            world.adopt(uitspraak=world.uitspraak(overleg=overleg))


# The database holds it too


@pytest.mark.parametrize("model", [Momentopname, Besluit, Teruggave, Opmerking])
def test_the_database_refuses_to_change_or_delete_what_was_decided(world: Besluitvorming, model: Any):
    world.submit()
    world.give_back(per_doel={world.b1: "Onderbouw dit."})
    world.submit()
    world.adopt()
    table, row = model._meta.db_table, model.objects.first()
    for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="Wat is vastgesteld"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


def test_sqlite_does_not_replace_a_snapshot_either(world: Besluitvorming):
    if connection.vendor == "sqlite":
        world.submit()
        kept = world.adopt()
        columns = "rapportage_id, versie, inhoud, sha256, gemaakt_op"
        for key in ("id", "NULL"):
            with pytest.raises(IntegrityError), transaction.atomic():
                connection.cursor().execute(
                    f"INSERT OR REPLACE INTO monitoring_momentopname (id, {columns})"
                    f" SELECT {key}, rapportage_id, versie, '{{}}', sha256, gemaakt_op FROM monitoring_momentopname"
                )
        assert Momentopname.objects.get().inhoud == kept.inhoud
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Momentopname.objects.create(rapportage_id=-1, versie=1, sha256="no", gemaakt_op="2025-09-11T10:00Z")


# Two at once, and a machine that stops


TIMES = 100


@pytest.fixture(params=list(WORLDS))
def real(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Besluitvorming]:
    """Each world in transactions that are really committed."""
    yield WORLDS[request.param]()
    sweep_frozen_rows()


@pytest.fixture
def real_scores(transactional_db: None) -> Iterator[Besluitvorming]:
    yield Besluitvorming()
    sweep_frozen_rows()


@pytest.fixture
def real_counts(transactional_db: None) -> Iterator[Kwartaalbesluitvorming]:
    yield Kwartaalbesluitvorming()
    sweep_frozen_rows()


def together(*steps: Callable[[], Any]) -> list[str]:
    """Take the steps at the very same moment and tell what came of each."""
    start = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> str:
        try:
            start.wait()
            step()
        except (NotAllowedNow, Incomplete, Closed) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_two_who_adopt_at_once_one_does_every_time(real: Besluitvorming):
    for versie in range(1, TIMES + 1):
        real.submit()
        told = together(real.adopt, lambda: real.adopt(by=real.people["secretaris"], als_registratie=True))
        assert sorted(told) == ["NotAllowedNow", "done"]
        assert Momentopname.objects.count() == Besluit.objects.count() == versie
        real.reopen()


def test_a_text_saved_while_somebody_adopts_is_kept_or_refused(real_scores: Besluitvorming):
    """Saving and submitting at once: what is adopted holds each text that its author was told was saved."""
    real = real_scores
    for number in range(TIMES):
        score = Voortgangsscore.objects.get(doel=real.b1, meetmoment=real.moment, organisatie=None)
        text = f"Tekst {number}"

        def save(score: Voortgangsscore = score, text: str = text) -> None:
            fields: dict[str, Any] = {"doel": real.b1, "meetmoment": real.moment, "organisatie": None}
            fields["waarde"] = score.waarde
            save_score(**fields, toelichting=text, versie=score.versie, by=real.people["secretaris"])

        saved, submitted = together(save, real.submit)
        assert submitted == "done"
        inhoud = real.adopt().inhoud
        assert (text in inhoud) == (saved == "done")
        assert real.text_of(real.b1) == (text if saved == "done" else score.toelichting)
        real.reopen()


def test_an_opgave_submitted_while_the_quarter_is_counts_or_is_refused(real_counts: Kwartaalbesluitvorming):
    """A gemeente and the secretaris submit at once: what is adopted holds the counts of who was told it was in."""
    real = real_counts
    for _ in range(TIMES):
        return_opgave(telmoment=real.telmoment, gemeente=real.dorp, reden="Opnieuw.", by=real.indiener)

        def hand_in() -> None:
            submit_opgave(telmoment=real.telmoment, gemeente=real.dorp, by=real.people["invoerder"])

        handed_in, submitted = together(hand_in, lambda: real.submit(zonder={real.dorp: "Te laat."}, op=None))
        assert submitted == "done"
        opgaven = json.loads(real.adopt().inhoud)["opgaven"]
        (dorp,) = (opgave for opgave in opgaven if opgave["slug"] == "dorp")
        assert dorp["status"] == ("ingediend" if handed_in == "done" else "geen opgave")
        assert bool(dorp["aantallen"]) == (handed_in == "done")
        assert dorp["reden"] == ("" if handed_in == "done" else "Te laat.")
        real.reopen()
        if handed_in != "done":
            hand_in()


def test_killed_at_any_moment_of_an_adoption_leaves_all_or_nothing(real: Besluitvorming):
    real.submit()
    per_doel = {real.a1: "Let op."} if hasattr(real, "a1") else {}
    deaths = 0
    while not outlives(lambda: real.adopt(uitspraak=real.uitspraak(per_doel=per_doel)), deaths):
        assert real.rapportages.get().status == "voorgelegd"
        assert not any(model.objects.exists() for model in (Besluit, Momentopname, Opmerking))
        assert not Telmoment.objects.exclude(afgesloten_op=None).exists()
        deaths += 1

    assert deaths > 5
    assert real.rapportages.get().status == "vastgesteld"
    of_counts = isinstance(real, Kwartaalbesluitvorming)
    assert [model.objects.count() for model in (Besluit, Momentopname)] == [1, 1]
    assert Opmerking.objects.count() == (0 if of_counts else 1)
    assert Telmoment.objects.exclude(afgesloten_op=None).count() == (1 if of_counts else 0)
