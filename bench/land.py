"""A land to measure in: fictitious regio's with agendas and years of scores, the same for the same seed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from agenda.loading import load_schalen
from agenda.models import Actie, Agenda, Doel, Ontwikkeling, Schaalwaarde, Thema, Trekker
from bench.quarters import cells_on, fill_quarter, quarters_of_all_years
from monitoring.actions import Uitspraak, adopt_rapportage
from monitoring.models import Indicator, Indicatorwaarde, Meetmoment, Rapportage, Voortgangsscore
from monitoring.publishing import choose_publishing, publish_version
from regio.accounts import DEMO_DOMAIN, DEMO_PASSWORD
from regio.audit import nothing_recorded, sign
from regio.loading import FIXTURES, read_data
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Overleg, Regio, Sector, Werkgebied
from regio.permissions import Rol
from thuiszitters.loading import load_categorieen
from thuiszitters.models import Categorie, Opgave, Telmoment

AGENDA = "2018-2027"
SCHAAL = "vijfpuntsschaal-utrecht-west"
CODES = "ABCDEF"
LAST_YEAR = 2026
BATCH = 2_000

WORDS = (
    "afspraken",
    "basisondersteuning",
    "beschikbare",
    "dekkend",
    "doorgaande",
    "gemeenten",
    "gezamenlijk",
    "jeugdhulp",
    "kernpartners",
    "leerlingen",
    "lokale",
    "middelen",
    "ondersteuning",
    "onderwijs",
    "ouders",
    "overleg",
    "passend",
    "plannen",
    "samenwerking",
    "scholen",
    "thuisnabij",
    "uitgewerkt",
    "vervolg",
    "voortgang",
    "wachttijd",
    "werkgroep",
)


@dataclass(frozen=True)
class Size:
    """How much to make. Every tenth doel is scored by each gemeente too."""

    regios: int = 150
    gemeenten: int = 342
    doelen: int = 30
    jaren: int = 8
    kwartalen: int = 32


def generate(size: Size, seed: int = 2023) -> None:
    """Add a land of `size` to an empty database or to the demo."""
    with transaction.atomic():
        Land(size, Random(seed)).make()


class Land:
    """Makes the rows, one table after the other: what points to a row comes after it."""

    def __init__(self, size: Size, random: Random) -> None:
        self.size = size
        self.random = random
        self.password = make_password(DEMO_PASSWORD)

    def make(self) -> None:
        self.beheer, _ = Gebruiker.objects.get_or_create(
            email=f"beheer@agendamonitor{DEMO_DOMAIN}",
            defaults={"naam": "Beheerder", "password": self.password, "is_staff": True, "is_superuser": True},
        )
        self.waarden = self.make_schaal()
        self.regios = save(Regio(slug=f"regio-{n:03}", naam=f"Regio {n:03}") for n in range(1, self.size.regios + 1))
        self.gemeenten = self.make_organisaties()
        self.secretarissen = self.make_gebruikers()
        agendas = self.make_agendas()
        doelen = self.make_doelen(agendas)
        momenten = self.make_meetmomenten(agendas)
        self.make_scores(doelen, momenten)
        self.make_quarters()
        self.make_indicatoren(doelen)
        self.publish(momenten)
        self.make_predecessors(agendas)

    def make_schaal(self) -> list[Schaalwaarde]:
        load_schalen(data=read_data(FIXTURES / "schalen.yaml"), by=self.beheer)
        return list(Schaalwaarde.objects.filter(schaal__slug=SCHAAL).order_by("waarde"))

    def make_organisaties(self) -> dict[int, list[Organisatie]]:
        """Return the gemeenten of each regio; beside them a regio has an SWV per sector, and three overleggen."""
        soort = Organisatie.Soort
        gemeenten = save(
            Organisatie(soort=soort.GEMEENTE, slug=f"gemeente-{n:03}", naam=f"Gemeente {n:03}", code=f"GM{n + 5000}")
            for n in range(1, self.size.gemeenten + 1)
        )
        swvs = save(
            Organisatie(soort=soort.SWV, slug=f"swv-{n:03}-{s.lower()}", naam=f"SWV {s} {n:03}", sector=s)
            for n in range(1, self.size.regios + 1)
            for s in Sector.values
        )
        per_regio = {regio.pk: gemeenten[n :: self.size.regios] for n, regio in enumerate(self.regios)}
        swvs_of = {regio.pk: swvs[2 * n : 2 * n + 2] for n, regio in enumerate(self.regios)}
        save(
            Deelname(regio=regio, organisatie=organisatie, van=date(2014, 8, 1))
            for regio in self.regios
            for organisatie in [*per_regio[regio.pk], *swvs_of[regio.pk]]
        )
        save(
            Werkgebied(regio=regio, swv=swv, gemeente=gemeente, sector=swv.sector)
            for regio in self.regios
            for swv in swvs_of[regio.pk]
            for gemeente in per_regio[regio.pk]
        )
        save(
            Overleg(regio=regio, naam=naam, afkorting=afkorting, niveau=niveau)
            for regio in self.regios
            for naam, afkorting, niveau in (
                ("Op overeenstemming gericht overleg", "OOGO", "bestuurlijk"),
                ("Regionaal afstemmingsoverleg", "REA", "ambtelijk"),
            )
        )
        return per_regio

    def make_gebruikers(self) -> dict[int, Gebruiker]:
        """Return the secretaris of each regio. One coordinator sits in all regio's."""
        roles = (("secretaris", Rol.SECRETARIS), ("oogo", Rol.OOGO_LID), ("coordinator", Rol.COORDINATOR))
        wanted: list[tuple[Regio, str, Rol, Organisatie | None]] = [
            (regio, name, rol, None) for regio in self.regios for name, rol in roles
        ]
        wanted += [
            (regio, f"invoer-{gemeente.slug}", Rol.INVOERDER, gemeente)
            for regio in self.regios
            for gemeente in self.gemeenten[regio.pk]
        ]
        gebruikers = save(
            Gebruiker(
                email=f"{name}@{regio.slug}{DEMO_DOMAIN}",
                naam=f"{name.title()} {regio.naam}",
                password=self.password,
                is_staff=rol == Rol.SECRETARIS,
            )
            for regio, name, rol, _ in wanted
        )
        everywhere = Gebruiker.objects.create(email=f"overal@land{DEMO_DOMAIN}", naam="Overal", password=self.password)
        leden = [(gebruiker, *row) for gebruiker, row in zip(gebruikers, wanted, strict=True)]
        leden += [(everywhere, regio, "", Rol.COORDINATOR, None) for regio in self.regios]
        save(
            Lidmaatschap(gebruiker=gebruiker, regio=regio, rol=rol, organisatie=organisatie)
            for gebruiker, regio, _, rol, organisatie in leden
        )
        return {regio.pk: gebruiker for gebruiker, regio, _, rol, _ in leden if rol == Rol.SECRETARIS}

    def make_agendas(self) -> list[Agenda]:
        return save(
            Agenda(
                regio=regio,
                slug=AGENDA,
                naam=f"Samenwerkingsagenda {AGENDA}",
                startdatum=date(2018, 8, 1),
                einddatum=date(2027, 7, 31),
                schaal_id=self.waarden[0].schaal_id,
                ambitie=self.text(12),
                kernwaarden=self.text(60),
                visie=self.text(40),
                visie_toelichting=self.text(300),
                strategie=self.text(200),
            )
            for regio in self.regios
        )

    def make_doelen(self, agendas: list[Agenda]) -> list[Doel]:
        """Return the doelen, in six thema's; each has an actie and two trekkers."""
        themas = save(
            Thema(agenda=agenda, code=code.lower(), naam=self.text(5), omschrijving=self.text(30), volgorde=n)
            for agenda in agendas
            for n, code in enumerate(CODES)
        )
        per_agenda = {agenda.pk: themas[6 * n : 6 * n + 6] for n, agenda in enumerate(agendas)}
        doelen = save(
            Doel(
                thema=per_agenda[agenda.pk][n * len(CODES) // self.size.doelen],
                code=f"{CODES[n * len(CODES) // self.size.doelen]}{n + 1}",
                plan=self.text(12),
                uitvoering=self.text(25),
                controle=self.text(20),
                bijsturing=self.text(15),
                lokaal=n % 10 == 0,
                volgorde=n,
            )
            for agenda in agendas
            for n in range(self.size.doelen)
        )
        save(Actie(doel=doel, omschrijving=self.text(15), **self.actie_dates()) for doel in doelen)
        save(
            Trekker(doel=doel, organisatie=organisatie, kant=kant)
            for doel in doelen
            for organisatie, kant in self.trekkers_of(doel)
        )
        save(
            Ontwikkeling(agenda=agenda, naam=f"Ontwikkeling {n}", omschrijving=self.text(40), volgorde=n)
            for agenda in agendas
            for n in range(4)
        )
        return doelen

    def actie_dates(self) -> dict[str, date | None]:
        due = date(2024, 1, 1) + timedelta(days=self.random.randrange(1200))
        return {"gereed_voor": due, "afgerond_op": due if due < date(2026, 6, 1) else None}

    def trekkers_of(self, doel: Doel) -> list[tuple[Organisatie, str]]:
        return [(self.random.choice(self.gemeenten[doel.thema.agenda.regio_id]), Trekker.Kant.GEMEENTE)]

    def make_meetmomenten(self, agendas: list[Agenda]) -> list[Meetmoment]:
        """Return a meetmoment for each of the last years, each before the OOGO but the last, which is being entered."""
        momenten = save(
            Meetmoment(agenda=agenda, slug=f"aug-{year - 2000}", naam=f"Aug {year - 2000}", peildatum=date(year, 8, 31))
            for agenda in agendas
            for year in range(LAST_YEAR - self.size.jaren + 1, LAST_YEAR + 1)
        )
        save(self.submitted(moment) for moment in momenten if moment.peildatum.year < LAST_YEAR)
        return momenten

    def make_predecessors(self, agendas: list[Agenda]) -> None:
        """Give each agenda the one before it, whose last report still lies before the OOGO: Mijn werk asks for that."""
        schaal, years = self.waarden[0].schaal_id, {"startdatum": date(2014, 8, 1), "einddatum": date(2018, 7, 31)}
        before = save(
            Agenda(regio=agenda.regio, slug="2014-2018", naam="Agenda 2014-2018", schaal_id=schaal, **years)
            for agenda in agendas
        )
        for agenda, earlier in zip(agendas, before, strict=True):
            agenda.voorganger = earlier
        Agenda.objects.bulk_update(agendas, ["voorganger"], batch_size=BATCH)
        themas = save(Thema(agenda=agenda, code="a", naam=self.text(5)) for agenda in before)
        doelen = save(Doel(thema=thema, code="A1", plan=self.text(8)) for thema in themas)
        momenten = save(
            Meetmoment(agenda=agenda, slug=f"jul-{year - 2000}", naam=f"Jul {year - 2000}", peildatum=date(year, 7, 1))
            for agenda in before
            for year in range(2015, 2019)
        )
        last = [moment for moment in momenten if moment.peildatum.year == 2018]
        self.make_scores(doelen, last)
        save(self.submitted(moment) for moment in last)

    def submitted(self, moment: Meetmoment) -> Rapportage:
        return Rapportage(
            meetmoment=moment,
            status=Rapportage.Status.VOORGELEGD,
            voorgelegd_door=self.secretarissen[moment.agenda.regio_id],
            voorgelegd_op=midnight(moment.peildatum),
        )

    def make_scores(self, doelen: list[Doel], momenten: list[Meetmoment]) -> None:
        """Write every score with its history: made on the peildatum, and a third of them changed the week after."""
        for peildatum in sorted({moment.peildatum for moment in momenten}):
            moment_of = {moment.agenda_id: moment for moment in momenten if moment.peildatum == peildatum}
            scores = (
                self.score(doel, moment_of[doel.thema.agenda_id], organisatie)
                for doel in doelen
                for organisatie in [None, *(self.gemeenten[doel.thema.agenda.regio_id] if doel.lokaal else [])]
            )
            for batch in batches(scores):
                save(batch)
                self.write_history(batch, midnight(peildatum))
            # The field fills itself with the moment of saving.
            Voortgangsscore.objects.filter(meetmoment__peildatum=peildatum).update(gewijzigd_op=midnight(peildatum))

    def score(self, doel: Doel, moment: Meetmoment, organisatie: Organisatie | None) -> Voortgangsscore:
        return Voortgangsscore(
            doel=doel,
            meetmoment=moment,
            organisatie=organisatie,
            waarde=self.random.choices(self.waarden, (1, 3, 5, 5, 1))[0],
            toelichting=self.text(self.random.randint(25, 70)),
            gewijzigd_door=self.secretarissen[doel.thema.agenda.regio_id],
        )

    def write_history(self, scores: list[Voortgangsscore], entered: datetime) -> None:
        for score in scores:
            score.gewijzigd_op = entered
            sign(score, score.gewijzigd_door)
        changed = [score for score in scores if self.random.random() < 0.33]
        final = [score.toelichting for score in changed]
        for score in changed:
            score.toelichting = self.text(30)
        history = Voortgangsscore.history
        history.bulk_history_create(scores, batch_size=BATCH, default_date=entered)
        for score, toelichting in zip(changed, final, strict=True):
            score.toelichting = toelichting
        later = entered + timedelta(days=7)
        history.bulk_history_create(changed, batch_size=BATCH, default_date=later, update=True)

    def make_quarters(self) -> None:
        """Count in every cell of the last quarters. The last lies before the REA, the others are adopted.

        Without their snapshots, which no page here shows: to mask so many quarters would take an hour.
        """
        known = self.make_categorieen()
        *adopted, last = quarters_of_all_years()[-self.size.kwartalen :]
        for day in (*adopted, last):
            op, is_last = midnight(day), day == last
            closed = {"voorgelegd_op": op, "afgesloten_op": None if is_last else op}
            moments = save(Telmoment(regio=regio, peildatum=day, **closed) for regio in self.regios)
            for moment in moments:
                by, cells = self.secretarissen[moment.regio_id], cells_on(known[moment.regio_id], day)
                gemeenten = [gemeente.pk for gemeente in self.gemeenten[moment.regio_id]]
                handed_in = {"status": Opgave.Status.INGEDIEND, "ingediend_door": by, "ingediend_op": op}
                fill_quarter(moment, gemeenten, cells, by, **handed_in)
            save(
                Rapportage(
                    telmoment=moment,
                    status=Rapportage.Status.VOORGELEGD if is_last else Rapportage.Status.VASTGESTELD,
                    voorgelegd_door=self.secretarissen[moment.regio_id],
                    voorgelegd_op=op,
                )
                for moment in moments
            )

    def make_indicatoren(self, doelen: list[Doel]) -> None:
        """Give every tenth doel a number that was measured each year, beside that of the country."""
        indicatoren = save(
            Indicator(
                doel=doel,
                naam=self.text(4)[:150],
                eenheid="per 1.000 leerlingen",
                definitie=self.text(20),
                norm="landelijk",
                niet_sneller=True,
            )
            for doel in doelen[::10]
        )
        save(
            Indicatorwaarde(
                indicator=indicator,
                peildatum=date(year, 10, 1),
                waarde=self.random.randrange(500, 1500) / 100,
                landelijk=self.random.randrange(900, 1100) / 100,
                toelichting=self.text(10),
                gewijzigd_door=self.secretarissen[indicator.doel.thema.agenda.regio_id],
                gewijzigd_op=midnight(date(year, 11, 1)),
            )
            for indicator in indicatoren
            for year in range(LAST_YEAR - self.size.jaren, LAST_YEAR)
        )

    def make_categorieen(self) -> dict[int, list[Categorie]]:
        """Return what each regio counts: what everybody counts, and six categories of its own."""
        load_categorieen(data=read_data(FIXTURES / "categorieen.yaml"), regio=None, by=self.beheer)
        save(
            Categorie(
                regio=regio,
                groep=Categorie.Groep.VERZUIM,
                code=f"eigen-{n}",
                naam=f"Eigen categorie {n}",
                kort=f"Eigen {n}",
                definitie=self.text(12),
                volgorde=50 + n,
                geldig_van=date(2018, 8, 1),
            )
            for regio in self.regios
            for n in range(1, 7)
        )
        return {regio.pk: list(Categorie.objects.known_in(regio)) for regio in self.regios}

    def publish(self, momenten: list[Meetmoment]) -> None:
        """Adopt the last report of each regio that is before the OOGO, and make it public."""
        last = max(moment.peildatum for moment in momenten if moment.peildatum.year < LAST_YEAR)
        with nothing_recorded():
            for moment in (moment for moment in momenten if moment.peildatum == last):
                regio = moment.agenda.regio
                by = self.secretarissen[regio.pk]
                uitspraak = Uitspraak(Overleg.objects.get(regio=regio, afkorting="OOGO"), last, "OOGO 1")
                adopted = adopt_rapportage(meetmoment=moment, uitspraak=uitspraak, als_registratie=True, by=by)
                choose_publishing(regio=regio, publiceert=True, by=by)
                publish_version(momentopname=adopted, by=by)

    def text(self, words: int) -> str:
        """Return a sentence or more that looks like Dutch and says nothing."""
        chosen = self.random.choices(WORDS, k=words)
        sentences = (" ".join(chosen[start : start + 11]).capitalize() for start in range(0, words, 11))
        return ". ".join(sentences) + "."


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def save(rows: Iterable[Any]) -> list[Any]:
    """Write `rows`, all of one model, and return them with their keys."""
    made = list(rows)
    model: type[Model] = type(made[0])
    model._default_manager.bulk_create(made, batch_size=BATCH)
    return made


def batches(rows: Iterable[Voortgangsscore]) -> Iterator[list[Voortgangsscore]]:
    """Yield `rows` in lists that fit in memory."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
