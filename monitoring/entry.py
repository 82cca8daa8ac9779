"""Entering scores: one card a doel, each saved on its own, so that a mistake in one loses nothing in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils import timezone

from agenda.models import Schaalwaarde
from monitoring.actions import NotAllowedNow, ScoreConflict, save_score
from monitoring.forms import ScoreForm
from monitoring.indicators import Oordeel
from monitoring.measured import load_maten
from monitoring.models import Meetmoment, Voortgangsscore
from monitoring.overview import Entry, load_entries
from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission
from regio.signals import SignalKind
from thuiszitters.publication import periods_for
from thuiszitters.signals import said_of

MINE, THEIRS = "mijn", "hun"
# The latest, the one before it, and some for where the latest has no number.
QUARTERS_LOOKED_AT = 4


@dataclass
class Card:
    """One doel on the entry page: what is stored, the form over it, and what somebody else saved in between.

    `teruggave` is why the OOGO gave this doel back; empty when it did not. `cijfers` is what the numbers say that its
    check hangs on; empty where it hangs on none.
    """

    entry: Entry
    waarden: Sequence[Schaalwaarde]
    data: QueryDict | None = None
    conflict: Voortgangsscore | None = None
    teruggave: str = ""
    cijfers: Sequence[Oordeel] = ()

    @cached_property
    def form(self) -> ScoreForm:
        """Made when it is asked for: the answer to an autosave shows one card of thirty."""
        return ScoreForm(self.data, entry=self.entry, waarden=self.waarden)

    @property
    def has_problem(self) -> bool:
        return self.conflict is not None or (self.data is not None and bool(self.form.errors))


def organisaties_to_score_for(gebruiker: Gebruiker, regio_id: int) -> list[Organisatie | None]:
    """Return in whose name `gebruiker` may enter scores: None stands for the regio itself.

    A local score is a gemeente's (README.md, Glossary): an RBL or SWV enters none.
    """
    own: list[Organisatie | None] = [None] if gebruiker.has_permission(Permission.SCORES_INVOEREN, regio_id) else []
    local = gebruiker.organisaties_for(Permission.LOKALE_SCORES_INVOEREN, regio_id)
    return [*own, *(organisatie for organisatie in local if organisatie.soort == Organisatie.Soort.GEMEENTE)]


def choose_namens(gebruiker: Gebruiker, regio_id: int, namens: str | None) -> Organisatie | None:
    """Return in whose name to enter: what `namens` (a slug) says, else the first possibility; None is the regio.

    Raises PermissionDenied for who may enter nothing here, Http404 for a name that is not theirs.
    """
    choices = organisaties_to_score_for(gebruiker, regio_id)
    if not choices:
        raise PermissionDenied(Permission.SCORES_INVOEREN.label)
    if namens is None:
        return choices[0]
    for choice in choices:
        if choice and choice.slug == namens:
            return choice
    raise Http404


def open_cards(entries: Sequence[Entry], waarden: Sequence[Schaalwaarde]) -> list[Card]:
    return [Card(entry, waarden) for entry in entries]


def show_reasons(cards: Sequence[Card], reasons: Mapping[int, str]) -> None:
    """Show on each of `cards` why its doel came back; `reasons` are by the id of the doel."""
    for card in cards:
        card.teruggave = reasons.get(card.entry.doel.pk, "")


def show_checks(cards: Sequence[Card], gebruiker: Gebruiker, meetmoment: Meetmoment) -> None:
    """Say on each of `cards` what the numbers say that its check hangs on, as `gebruiker` may see them.

    Up to the peildatum of `meetmoment`: they are those that its report gives.
    """
    day = min(meetmoment.peildatum, timezone.localdate())
    maten = load_maten((card.entry.doel for card in cards), day)
    for card in cards:
        of_doel = maten.get(card.entry.doel.pk, ())
        card.cijfers = [Oordeel(maat.oordeel.vuurt, f"{maat.naam}: {maat.oordeel.tekst}") for maat in of_doel]
    counted = [card for card in cards if card.entry.doel.signaal]
    if counted:
        periods = periods_for(gebruiker, meetmoment.agenda.regio, day, latest=QUARTERS_LOOKED_AT)
        for card in counted:
            card.cijfers = [*card.cijfers, Oordeel(*said_of(SignalKind(card.entry.doel.signaal), periods))]


def save_cards(
    codes: Sequence[str],
    *,
    meetmoment: Meetmoment,
    organisatie: Organisatie | None,
    waarden: Sequence[Schaalwaarde],
    data: QueryDict,
    by: Gebruiker,
) -> list[Card]:
    """Save the doelen of `codes` from `data` and return all cards: fresh where saved, with what was typed where not."""
    problems: dict[int, Card] = {}
    for entry in load_entries(meetmoment, organisatie, codes):
        if data.get(f"{entry.doel.slug}-keuze") != THEIRS:
            card = Card(entry, waarden, data)
            _save_card(card, meetmoment, organisatie, data, by)
            if card.has_problem:
                problems[entry.doel.pk] = card
    fresh = open_cards(load_entries(meetmoment, organisatie), waarden)
    return [
        _with_fresh_entry(problems[card.entry.doel.pk], card) if card.entry.doel.pk in problems else card
        for card in fresh
    ]


def _save_card(
    card: Card, meetmoment: Meetmoment, organisatie: Organisatie | None, data: QueryDict, by: Gebruiker
) -> None:
    if not card.form.is_valid():
        return
    try:
        save_score(
            doel=card.entry.doel,
            meetmoment=meetmoment,
            organisatie=organisatie,
            waarde=card.form.cleaned_data["waarde"],
            toelichting=card.form.cleaned_data["toelichting"],
            versie=_version_started_from(card, data),
            by=by,
        )
    except ScoreConflict as conflict:
        card.conflict = conflict.current
    except NotAllowedNow as refusal:
        card.form.add_error(None, str(refusal))


def _version_started_from(card: Card, data: QueryDict) -> int:
    """Whoever chose to keep their own text has seen the other: their save succeeds that version."""
    slug = card.entry.doel.slug
    seen = data.get(f"{slug}-gezien", "")
    if data.get(f"{slug}-keuze") == MINE and seen.isdecimal():
        return int(seen)
    return card.form.cleaned_data["versie"]


def _with_fresh_entry(problem: Card, fresh: Card) -> Card:
    problem.entry = fresh.entry
    return problem
