"""Mijn werk is exactly what is open: an oracle that knows the rules and the tables is held against it, both ways."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import StringIO
from itertools import product
from typing import Any, ClassVar

import time_machine
import tinyhtml5
from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase

from agenda.models import Agenda, Doel, Schaalwaarde, Trekker
from monitoring.models import Indicator, Meetmoment, Opmerking, Rapportage, Teruggave, Voortgangsscore, Vraag
from monitoring.worklist import load_worklist
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol
from tests.factories import make_doel, make_gebruiker, make_meetmoment
from thuiszitters.models import Opgave, Telling, Telmoment

TODAY = date(2026, 11, 25)
# Between them they ask for every kind of thing.
SEEDS = (1, 4, 7)

# The oracle: rule by rule, one question to the database at a time, nothing taken from the product


def expected(gebruiker: Gebruiker) -> Counter[str]:
    """Return the address of each thing that is open for this person."""
    found: Counter[str] = Counter()
    for regio in Regio.objects.filter(lidmaatschap__gebruiker=gebruiker).distinct():
        leden = Lidmaatschap.objects.filter(gebruiker=gebruiker, regio=regio)
        roles = set(leden.values_list("rol", flat=True))
        invoert_voor = [lid.organisatie for lid in leden if lid.rol == "invoerder" and lid.organisatie]
        found.update(open_scores(regio, roles, invoert_voor))
        found.update(open_rapportages(regio, roles, gebruiker))
        found.update(open_opgaven(regio, roles, invoert_voor))
        found.update(open_kwartalen(regio, roles, gebruiker))
        found.update(open_vragen(regio, roles, invoert_voor, gebruiker))
        found.update(open_signalen(regio, roles, invoert_voor))
    return found


def current_agenda(regio: Regio) -> Agenda | None:
    agendas = [a for a in Agenda.objects.filter(regio=regio) if Doel.objects.filter(thema__agenda=a).exists()]
    running = [a for a in agendas if a.startdatum <= TODAY <= a.einddatum]
    return max(running or agendas, key=lambda a: a.startdatum, default=None)


def open_momenten(regio: Regio) -> list[Meetmoment]:
    """Of the current agenda what has come; of any other only with a deadline. And whatever is on its way."""
    current = current_agenda(regio)
    return [
        moment
        for moment in Meetmoment.objects.filter(agenda__regio=regio)
        if (moment.peildatum <= TODAY and (moment.agenda == current or moment.deadline is not None))
        or status_of(moment) in {"voorgelegd", "teruggegeven"}
        or was_reopened(moment)
    ]


def status_of(moment: Meetmoment) -> str:
    return Rapportage.objects.filter(meetmoment=moment).values_list("status", flat=True).first() or "concept"


def was_reopened(moment: Meetmoment) -> bool:
    return Rapportage.objects.filter(meetmoment=moment, status="concept", versie__gt=1).exists()


def open_scores(regio: Regio, roles: set[str], invoert_voor: list[Organisatie]) -> Iterator[str]:
    for moment in open_momenten(regio):
        if status_of(moment) not in {"concept", "teruggegeven"}:
            continue
        page = f"/regio/{regio.slug}/agenda/{moment.agenda.slug}/{moment.slug}/"
        if "secretaris" in roles:
            asked = [d for d in Doel.objects.filter(thema__agenda=moment.agenda) if is_open(d, moment, None)]
            yield from (f"{page}invoer/#doel-{doel.code.lower()}" for doel in asked)
            if not asked:
                yield f"{page}voorleggen/"
        for gemeente in (o for o in invoert_voor if o.soort == "gemeente"):
            for doel in Doel.objects.filter(thema__agenda=moment.agenda, lokaal=True):
                if is_open(doel, moment, gemeente):
                    yield f"{page}invoer/?namens={gemeente.slug}#doel-{doel.code.lower()}"


def is_open(doel: Doel, moment: Meetmoment, gemeente: Organisatie | None) -> bool:
    """Rule 5: a score; an explanation at 1, 2 and 5 and at every change. And what the OOGO asked of one doel."""
    score = Voortgangsscore.objects.filter(doel=doel, meetmoment=moment, organisatie=gemeente).first()
    if score is None or score.waarde is None:
        return True
    earlier = Meetmoment.objects.filter(agenda=moment.agenda, peildatum__lt=moment.peildatum).order_by("peildatum")
    before = Voortgangsscore.objects.filter(doel=doel, meetmoment=earlier.last(), organisatie=gemeente).first()
    changed = bool(before and before.waarde and before.waarde.waarde != score.waarde.waarde)
    if (score.waarde.waarde in {1, 2, 5} or changed) and not score.toelichting.strip():
        return True
    if gemeente is not None or status_of(moment) != "teruggegeven":
        return False
    last = Teruggave.objects.filter(rapportage__meetmoment=moment).order_by("op", "pk").last()
    said = Opmerking.objects.filter(teruggave=last, doel=doel).exists()
    return bool(last and said and score.gewijzigd_op <= last.op)


def open_rapportages(regio: Regio, roles: set[str], gebruiker: Gebruiker) -> Iterator[str]:
    for moment in open_momenten(regio):
        submitted = Rapportage.objects.filter(meetmoment=moment, status="voorgelegd").exclude(voorgelegd_door=gebruiker)
        if "oogo-lid" in roles and submitted.exists():
            yield f"/regio/{regio.slug}/agenda/{moment.agenda.slug}/{moment.slug}/rapport/"


def open_opgaven(regio: Regio, roles: set[str], invoert_voor: list[Organisatie]) -> Iterator[str]:
    everybody = "secretaris" in roles or any(o.soort == "rbl" for o in invoert_voor)
    for telmoment in Telmoment.objects.filter(regio=regio, peildatum__lte=TODAY, voorgelegd_op=None):
        for gemeente in gemeenten_at(telmoment):
            if not is_in(telmoment, gemeente) and (everybody or gemeente in invoert_voor):
                yield f"/regio/{regio.slug}/thuiszitters/{telmoment.peildatum}/{gemeente.slug}/"


def gemeenten_at(telmoment: Telmoment) -> list[Organisatie]:
    day = telmoment.peildatum
    deelnames = Deelname.objects.filter(regio=telmoment.regio, organisatie__soort="gemeente")
    return [d.organisatie for d in deelnames if d.van <= day and (d.tot is None or d.tot > day)]


def is_in(telmoment: Telmoment, gemeente: Organisatie) -> bool:
    return Opgave.objects.filter(telmoment=telmoment, gemeente=gemeente, status="ingediend").exists()


def open_kwartalen(regio: Regio, roles: set[str], gebruiker: Gebruiker) -> Iterator[str]:
    """A quarter that is complete is submitted; one that lies before the REA is judged by who did not submit it."""
    for telmoment in Telmoment.objects.filter(regio=regio, peildatum__lte=TODAY, afgesloten_op=None):
        page = f"/regio/{regio.slug}/thuiszitters/{telmoment.peildatum}/"
        own = Rapportage.objects.filter(telmoment=telmoment, voorgelegd_door=gebruiker).exists()
        gemeenten = gemeenten_at(telmoment)
        if telmoment.voorgelegd_op:
            if roles & {"secretaris", "coordinator"} and not own:
                yield page
        elif "secretaris" in roles and gemeenten and all(is_in(telmoment, gemeente) for gemeente in gemeenten):
            yield f"{page}voorleggen/"


def open_vragen(regio: Regio, roles: set[str], invoert_voor: list[Organisatie], gebruiker: Gebruiker) -> Iterator[str]:
    """The secretaris answers all, a trekker's people those about its doelen, and nobody their own."""
    for vraag in Vraag.objects.filter(regio=regio):
        waits = not vraag.antwoord and vraag.ingetrokken_op is None and vraag.gesteld_door != gebruiker
        pulls = Trekker.objects.filter(doel=vraag.doel, organisatie__in=invoert_voor).exists()
        if waits and ("secretaris" in roles or pulls):
            yield f"/regio/{regio.slug}/vragen/{vraag.pk}/#antwoord"


def open_signalen(regio: Regio, roles: set[str], invoert_voor: list[Organisatie]) -> Iterator[str]:
    """Rule 6: a doel whose check fires asks its act of the secretaris, and of who pulls it."""
    agenda = current_agenda(regio)
    for doel in Doel.objects.filter(thema__agenda=agenda) if agenda else ():
        pulls = Trekker.objects.filter(doel=doel, organisatie__in=invoert_voor).exists()
        kenmerk = {"aanbodgebrek": "aanbodgebrek", "ambitie": "zonder-aanbod"}.get(doel.signaal, "")
        fires = (kenmerk and counted_lately(regio, kenmerk)) or misses_a_norm(doel)
        if fires and ("secretaris" in roles or pulls):
            yield f"/regio/{regio.slug}/agenda/{doel.thema.agenda.slug}/doel/{doel.code.lower()}/#check"


def misses_a_norm(doel: Doel) -> bool:
    """Whether the last known meting of one of its indicators is not what was agreed."""
    missed: dict[str, Callable[[Any, Any], bool]] = {
        "geen": lambda value, norm: False,
        "hoogstens": lambda value, norm: value > norm,
        "minstens": lambda value, norm: value < norm,
        "landelijk": lambda value, norm: value >= norm,
    }
    for indicator in Indicator.objects.filter(doel=doel):
        known: Any = indicator.metingen.filter(peildatum__lte=TODAY, waarde__isnull=False).order_by("-peildatum")
        now, before = [*known, None, None][:2]
        norm = now and (now.landelijk if indicator.norm == "landelijk" else indicator.grens)
        too_fast = norm and before and indicator.niet_sneller and growth(now, before)
        if norm is not None and (too_fast or missed[indicator.norm](now.waarde, norm)):
            return True
    return False


def growth(now: Any, before: Any) -> bool:
    """Whether the own number rose by more than that of the country, to a tenth of a percent."""
    own, country = now.waarde / before.waarde, now.landelijk / before.landelijk
    return own > 1 and round(own * 1000) > round(country * 1000)


def counted_lately(regio: Regio, kenmerk: str) -> int:
    """Return the number in the latest of three quarters that has one, of who takes part and to who sees all."""
    for telmoment in Telmoment.objects.filter(regio=regio, peildatum__lte=TODAY).order_by("-peildatum")[:3]:
        day = telmoment.peildatum
        deelnames = Deelname.objects.filter(regio=regio, van__lte=day).exclude(tot__lte=day)
        tellingen = Telling.objects.filter(
            opgave__telmoment=telmoment,
            opgave__gemeente__in=deelnames.values("organisatie"),
            categorie__kenmerk=kenmerk,
            aantal__isnull=False,
        )
        if tellingen.exists():
            return sum(telling.aantal or 0 for telling in tellingen)
    return 0


# What Mijn werk says


def listed(gebruiker: Gebruiker) -> Counter[str]:
    fresh = Gebruiker.objects.get(pk=gebruiker.pk)
    werk = load_worklist(fresh, Regio.objects.visible_to(fresh), TODAY)
    assert werk.aantal == sum(len(taak.punten) for taak in werk.taken)
    deadlines = [taak.deadline or date.max for taak in werk.taken]
    assert deadlines == sorted(deadlines)
    return Counter(punt.url for taak in werk.taken for punt in taak.punten)


def on_the_page(gebruiker: Gebruiker) -> Counter[str]:
    client = Client()
    client.force_login(gebruiker)
    root = tinyhtml5.parse(client.get("/").content.decode(), namespace_html_elements=False)
    lists = [node for node in root.iter("ul") if node.get("class") == "werk"]
    return Counter(a.get("href") for node in lists for a in node.iter("a"))


def shake(dice: random.Random) -> None:
    """Bring scores, rapportages, opgaven and deelnames into a state that nobody chose."""
    (fill_in if dice.random() < 0.5 else wear_down)(dice)
    for moment in Meetmoment.objects.all():
        shake_rapportage(moment, dice)
    for regio in Regio.objects.all():
        shake_vragen(regio, dice)
    for opgave in Opgave.objects.all():
        if dice.random() < 0.2:
            back: dict[str, Any] = {"status": "teruggegeven", "reden_teruggave": "Kijk nog eens"}
            Opgave.objects.filter(pk=opgave.pk).update(**dice.choice([back, {"status": "concept"}]))
    for telmoment in Telmoment.objects.all():
        voorgelegd, closed = dice.choice([(None, None), (september(1), None), (september(1), september(2))])
        Telmoment.objects.filter(pk=telmoment.pk).update(voorgelegd_op=voorgelegd, afgesloten_op=closed)
        rapportage, _ = Rapportage.objects.get_or_create(telmoment=telmoment)
        people = [Gebruiker.objects.get(email=f"{name}@utrecht-west.test") for name in ("secretaris", "dubbel")]
        rapportage.voorgelegd_door, rapportage.voorgelegd_op = dice.choice(people), september(1)
        rapportage.save()
    for deelname in Deelname.objects.filter(organisatie__soort="gemeente"):
        if dice.random() < 0.2:
            Deelname.objects.filter(pk=deelname.pk).update(tot=date(dice.randint(2024, 2027), 1, 1))


def fill_in(dice: random.Random) -> None:
    for score in Voortgangsscore.objects.all():
        waarde = dice.choice(Schaalwaarde.objects.filter(schaal=score.meetmoment.agenda.schaal).order_by("waarde"))
        Voortgangsscore.objects.filter(pk=score.pk).update(waarde=waarde, toelichting="Zo staat het ervoor")


def wear_down(dice: random.Random) -> None:
    for score in Voortgangsscore.objects.all():
        stored = Voortgangsscore.objects.filter(pk=score.pk)
        fate = dice.random()
        if fate < 0.1:
            stored.delete()
        elif fate < 0.2:
            stored.update(waarde=None)
        elif fate < 0.3:
            stored.update(toelichting="")


def shake_rapportage(moment: Meetmoment, dice: random.Random) -> None:
    if dice.random() < 0.3:
        Meetmoment.objects.filter(pk=moment.pk).update(deadline=dice.choice([None, date(2026, 12, 1)]))
    people = [Gebruiker.objects.get(email=f"{name}@utrecht-west.test") for name in ("secretaris", "dubbel")]
    rapportage, _ = Rapportage.objects.get_or_create(meetmoment=moment)
    rapportage.status = dice.choice(Rapportage.Status.values)
    rapportage.voorgelegd_door, rapportage.voorgelegd_op = dice.choice(people), september(1)
    rapportage.reden_teruggave = "Nog niet af"
    rapportage.versie, rapportage.reden_heropening = dice.choice([(1, ""), (2, "Er stond een fout in")])
    rapportage.save()
    for day in (2, dice.randint(3, 20)):
        fields = {"versie": rapportage.versie, "reden": "Nog niet af", "door": people[0], "op": september(day)}
        given = Teruggave.objects.create(rapportage=rapportage, **fields)
        for doel in Doel.objects.filter(thema__agenda=moment.agenda):
            if dice.random() < 0.2:
                Opmerking.objects.create(teruggave=given, doel=doel, tekst="Onderbouw dit")


def shake_vragen(regio: Regio, dice: random.Random) -> None:
    people = list(Gebruiker.objects.filter(lidmaatschap__regio=regio).distinct().order_by("pk"))
    # No gemeenten: their invoerders see numbers masked, and what fires for them is held with the masking.
    organisaties = list(Organisatie.objects.filter(deelname__regio=regio).exclude(soort="gemeente").order_by("pk"))
    for doel in Doel.objects.filter(thema__agenda__regio=regio):
        if organisaties:  # Of Amersfoort only the gemeenten are known.
            Trekker.objects.get_or_create(doel=doel, organisatie=dice.choice(organisaties), kant="gemeente")
        vraag = Vraag(regio=regio, doel=doel, tekst="Hoe?", gesteld_door=dice.choice(people), gesteld_op=september(3))
        match dice.choice(["open", "open", "beantwoord", "ingetrokken"]):
            case "beantwoord":
                vraag.antwoord, vraag.beantwoord_door, vraag.beantwoord_op = "Zo.", people[0], september(4)
            case "ingetrokken":
                vraag.ingetrokken_op = september(4)
        vraag.save()


def begin_the_next_agenda() -> None:
    """Begin the next agenda in each regio that scores one now, with a doel and a meetmoment of its own."""
    for regio in Regio.objects.all():
        now = current_agenda(regio)
        if now and now.schaal:
            years = {"startdatum": date(2026, 8, 1), "einddatum": date(2030, 7, 31)}
            later = Agenda.objects.create(regio=regio, slug="later", naam="Later", schaal=now.schaal, **years)
            make_doel(later, "L1")
            make_meetmoment(later, "nov-26", date(2026, 11, 1))


def september(day: int) -> datetime:
    return datetime(2026, 9, day, tzinfo=UTC)


@time_machine.travel("2026-11-25T12:00:00+01:00", tick=False)
class ListIsTheDatabases(TestCase):
    """In the demo, and in states that nobody chose; the demo is loaded once."""

    land: ClassVar[list[Gebruiker]]

    @classmethod
    def setUpTestData(cls):
        """With an RBL's invoerder, somebody with two roles in two regio's, and somebody with none."""
        call_command("demo", stdout=StringIO())
        west, zuidoost = (Regio.objects.get(slug=slug) for slug in ("utrecht-west", "zuidoost-utrecht"))
        rbl = Organisatie.objects.get(slug="rbl-utrecht-west")
        make_gebruiker("rbl@utrecht-west.test", Rol.INVOERDER, west, rbl)
        dubbel = make_gebruiker("dubbel@utrecht-west.test", Rol.OOGO_LID, west)
        Lidmaatschap.objects.create(gebruiker=dubbel, regio=zuidoost, rol=Rol.SECRETARIS)
        Lidmaatschap.objects.create(gebruiker=dubbel, regio=west, rol=Rol.SECRETARIS)
        make_gebruiker("niemand@utrecht-west.test")
        cls.land = list(Gebruiker.objects.order_by("pk"))

    def test_in_the_demo(self):
        for gebruiker in self.land:
            assert on_the_page(gebruiker) == listed(gebruiker) == expected(gebruiker), gebruiker.email
        number = {gebruiker.email: sum(expected(gebruiker).values()) for gebruiker in self.land}
        assert number["secretaris@utrecht-west.test"] > 1
        assert number["rbl@utrecht-west.test"] == 1
        assert number["niemand@utrecht-west.test"] == 0

    def test_once_the_next_agenda_of_each_regio_has_begun(self):
        oogo_lid = Gebruiker.objects.get(email="oogo@utrecht-west.test")
        before = expected(oogo_lid)
        begin_the_next_agenda()
        for gebruiker in self.land:
            assert on_the_page(gebruiker) == listed(gebruiker) == expected(gebruiker), gebruiker.email
        assert expected(oogo_lid) == before
        asked = expected(Gebruiker.objects.get(email="secretaris@utrecht-west.test"))
        assert sum("/2023-2027/aug-26/" in url for url in asked) > 1
        assert not [url for url in asked if url.endswith("#check")]

    def test_in_states_that_nobody_chose(self):
        seen: Counter[str] = Counter()
        for seed, later in product(SEEDS, (False, True)):
            with transaction.atomic():
                if later:
                    begin_the_next_agenda()
                shake(random.Random(seed))
                for gebruiker in self.land:
                    assert listed(gebruiker) == expected(gebruiker), (seed, later, gebruiker.email)
                    seen.update(page_of(url) for url in expected(gebruiker))
                transaction.set_rollback(True)
        assert set(seen) == {"invoer", "voorleggen", "rapport", "thuiszitters", "vragen", "check"}


def page_of(url: str) -> str:
    """Return which page an address leads to, by its last word that is no name of something."""
    found = re.search(r"[/#](invoer|voorleggen|rapport|thuiszitters|vragen|check)(?:/|$)", url)
    assert found, url
    return found[1]
