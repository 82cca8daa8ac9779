"""What a regio counted, quarter by quarter: from the database to plain data, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from regio.models import Deelname, Organisatie, Regio
from thuiszitters.categories import Category, categories_on
from thuiszitters.counting import MISSING, Count, Status
from thuiszitters.models import Categorie, Opgave, Telling, Telmoment
from thuiszitters.tidy import Gemeente

# The id of a gemeente, the code of a categorie, and a sector.
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Return:
    """Where the opgave of one gemeente stands."""

    status: str
    op: datetime | None
    door: str

    @property
    def is_ingediend(self) -> bool:
        return self.status == Opgave.Status.INGEDIEND


@dataclass
class Quarter:
    """One telmoment of a regio with everything that was returned for it."""

    telmoment: Telmoment
    categories: list[Category]
    gemeenten: list[Gemeente]
    opgaven: Mapping[int, Return]
    counts: Mapping[Key, Count]
    by_code: dict[str, Category] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {category.code: category for category in self.categories}

    @property
    def peildatum(self) -> date:
        return self.telmoment.peildatum

    def count(self, gemeente: int, code: str, sector: str) -> Count:
        return self.counts.get((gemeente, code, sector), MISSING)

    @property
    def ingediend(self) -> list[Gemeente]:
        return [g for g in self.gemeenten if g.pk in self.opgaven and self.opgaven[g.pk].is_ingediend]

    def submitted_only(self) -> "Quarter":
        """Return this quarter as it is to who may not follow others while they are still typing."""
        done = {gemeente.pk for gemeente in self.ingediend}
        kept = {key: count for key, count in self.counts.items() if key[0] in done}
        return Quarter(self.telmoment, self.categories, self.gemeenten, self.opgaven, kept)


def load_quarters(regio: Regio, today: date, latest: int | None = None) -> list[Quarter]:
    """Return the telmomenten of `regio` up to `today`, or the `latest` of them, the earliest first; in five queries."""
    momenten = list(Telmoment.objects.filter(regio=regio, peildatum__lte=today).order_by("-peildatum")[:latest])[::-1]
    known = list(Categorie.objects.known_in(regio))
    deelnames = list(
        Deelname.objects.filter(regio=regio, organisatie__soort=Organisatie.Soort.GEMEENTE)
        .select_related("organisatie")
        .order_by("organisatie__naam")
    )
    opgaven = list(Opgave.objects.filter(telmoment__in=momenten).select_related("ingediend_door"))
    counts = _counts_of(opgaven, {version.pk: version.code for version in known})
    return [
        Quarter(
            telmoment=moment,
            categories=categories_on(known, moment.peildatum),
            gemeenten=_gemeenten_on(deelnames, moment.peildatum),
            opgaven={o.gemeente_id: _as_return(o) for o in opgaven if o.telmoment_id == moment.pk},
            counts=counts.get(moment.pk, {}),
        )
        for moment in momenten
    ]


def _gemeenten_on(deelnames: Iterable[Deelname], day: date) -> list[Gemeente]:
    taking_part = {
        d.organisatie_id: Gemeente(d.organisatie_id, d.organisatie.code or "", d.organisatie.label, d.organisatie.slug)
        for d in deelnames
        if d.van <= day and (d.tot is None or day < d.tot)
    }
    return list(taking_part.values())


def _as_return(opgave: Opgave) -> Return:
    return Return(opgave.status, opgave.ingediend_op, str(opgave.ingediend_door or ""))


def _counts_of(opgaven: list[Opgave], code_of: Mapping[int, str]) -> dict[int, dict[Key, Count]]:
    place = {opgave.pk: (opgave.telmoment_id, opgave.gemeente_id) for opgave in opgaven}
    found: dict[int, dict[Key, Count]] = {}
    rows = Telling.objects.filter(opgave__in=place).values_list("opgave", "categorie", "sector", "status", "aantal")
    made: dict[tuple[str, int | None], Count] = {}
    for opgave, categorie, sector, status, aantal in rows.iterator(chunk_size=5000):
        moment, gemeente = place[opgave]
        if (status, aantal) not in made:
            made[status, aantal] = Count(Status(status), aantal)
        found.setdefault(moment, {})[gemeente, code_of[categorie], sector] = made[status, aantal]
    return found
