"""What input is acceptable for a score, for what the OOGO decides, and for a file to verify."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from agenda.models import Doel, Schaalwaarde
from monitoring.indicators import Norm, number
from monitoring.models import Indicatorwaarde, Meetmoment, Rapportage
from monitoring.overview import Entry
from monitoring.publishing import persons_in
from monitoring.small_numbers import find_small_count
from monitoring.steps import Uitspraak
from monitoring.verification import MAX_BYTES
from regio.days import format_day
from regio.forms import GetalField, WholeTextField
from regio.models import Organisatie, Overleg, Regio
from regio.privacy import validate_free_text

TOELICHTING_MAX = 5000
# A day before is a slip of the pen: passend onderwijs is of 2014.
EARLIEST_MEASURED = date(2000, 1, 1)
NUMBER_ERRORS = {
    "invalid": "Schrijf een getal als 24,5 of 1.234,5, met alleen cijfers, een komma en punten voor duizendtallen.",
    "max_digits": "Dit getal is te groot. Schrijf hoogstens zeven cijfers vóór de komma.",
    "max_whole_digits": "Dit getal is te groot. Schrijf hoogstens zeven cijfers vóór de komma.",
    "max_decimal_places": "Schrijf hoogstens twee cijfers achter de komma, bijvoorbeeld 24,5.",
}


class ScoreForm(forms.Form):
    """One doel's score and explanation. Prefixed by the doel's code, so that thirteen fit in one page and one POST.

    A value without the explanation it needs is kept as a draft: losing what somebody chose is worse than an unfinished
    score. What is still missing is told by completeness.py and stops submission, not saving.
    """

    waarde = forms.TypedChoiceField(label="Score", required=False, widget=forms.RadioSelect, empty_value=None)
    toelichting = forms.CharField(
        label="Toelichting",
        required=False,
        max_length=TOELICHTING_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        validators=[validate_free_text],
        error_messages={
            "max_length": "Deze toelichting is %(show_value)d tekens lang. Kort haar in tot %(limit_value)d tekens."
        },
    )
    versie = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, entry: Entry, waarden: Sequence[Schaalwaarde]) -> None:
        initial = {
            "waarde": entry.waarde.pk if entry.waarde else "",
            "toelichting": entry.score.toelichting if entry.score else "",
            "versie": entry.score.versie if entry.score else 0,
        }
        super().__init__(data, prefix=entry.doel.slug, initial=initial)
        by_pk = {str(waarde.pk): waarde for waarde in waarden}
        field = cast(forms.TypedChoiceField, self.fields["waarde"])
        field.choices = [("", "Nog geen score"), *((pk, str(waarde)) for pk, waarde in by_pk.items())]
        field.coerce = by_pk.__getitem__


def _text_field(label: str, *, rows: int = 4, max_length: int = 2000, **options: Any) -> WholeTextField:
    return WholeTextField(
        label=label,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[validate_free_text],
        **options,
    )


class PerDeelForm(forms.Form):
    """A form in which each part of what is judged, a doel or a gemeente, may get a remark of its own."""

    gezien = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, delen: Mapping[str, tuple[str, Any]] | None = None, gezien: str = ""
    ) -> None:
        """`delen` gives of each field its label and the part that it is about."""
        super().__init__(data, initial={"gezien": gezien})
        self.delen = {name: deel for name, (_, deel) in (delen or {}).items()}
        for name, (label, _) in (delen or {}).items():
            self.fields[name] = _text_field(label, rows=2, required=False)

    @property
    def velden(self) -> list[forms.BoundField]:
        """The fields about the whole."""
        return [field for field in self.visible_fields() if field.name not in self.delen]

    @property
    def velden_per_deel(self) -> list[forms.BoundField]:
        return [self[name] for name in self.delen]

    @property
    def toont_delen(self) -> bool:
        """Whether something stands in, or is wrong with, the remarks per part."""
        return any(field.value() or field.errors for field in self.velden_per_deel)

    @property
    def per_deel(self) -> dict[Any, str]:
        """What was written of single parts, in their order."""
        return {deel: self.cleaned_data[name] for name, deel in self.delen.items() if self.cleaned_data[name]}


def per_doel(doelen: Iterable[Doel]) -> dict[str, tuple[str, Any]]:
    return {f"doel-{doel.slug}": (f"{doel.code} {doel.plan}", doel) for doel in doelen}


def per_gemeente(gemeenten: Iterable[Organisatie]) -> dict[str, tuple[str, Any]]:
    return {f"gemeente-{gemeente.slug}": (gemeente.label, gemeente) for gemeente in gemeenten}


class TeruggaveForm(PerDeelForm):
    reden = _text_field(
        "Waarom geeft u dit meetmoment terug?",
        help_text="De secretaris ziet deze reden. Zij blijft in de geschiedenis staan.",
        error_messages={
            "required": "Schrijf wat er moet gebeuren voordat dit meetmoment opnieuw kan worden voorgelegd."
        },
    )


class VaststellingForm(PerDeelForm):
    overleg = forms.ModelChoiceField(
        Overleg.objects.none(),
        label="In welk overleg is dit rapport vastgesteld?",
        empty_label=None,
        error_messages={"required": "Kies het overleg.", "invalid_choice": "Kies een overleg uit de lijst."},
    )
    vergaderdatum = forms.DateField(
        label="Datum van de vergadering",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={
            "required": "Vul de datum van de vergadering in.",
            "invalid": "Schrijf de datum als 11-09-2025.",
        },
    )
    eerder = forms.BooleanField(label="De vergadering was vóór het voorleggen", required=False)
    kenmerk = WholeTextField(
        label="Kenmerk",
        help_text="Het nummer van het agendapunt of van het besluit.",
        max_length=100,
        validators=[validate_free_text],
        error_messages={
            "required": "Vul het agendapunt of het besluitnummer in, zodat het besluit terug te vinden is."
        },
    )
    opmerkingen = _text_field(
        "Opmerkingen bij het besluit", required=False, help_text="Deze komen in het vastgestelde rapport te staan."
    )
    field_order = ("overleg", "vergaderdatum", "eerder", "kenmerk", "opmerkingen")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        rapportage: Rapportage,
        delen: Mapping[str, tuple[str, Any]] | None = None,
    ) -> None:
        self.voorgelegd_op = rapportage.voorgelegd_op
        super().__init__(data, delen=delen, gezien=self.voorgelegd_op.isoformat() if self.voorgelegd_op else "")
        overleggen = Overleg.objects.filter(regio=rapportage.regio, niveau=rapportage.niveau)
        cast(forms.ModelChoiceField, self.fields["overleg"]).queryset = overleggen

    @property
    def uitspraak(self) -> Uitspraak:
        fields = ("overleg", "vergaderdatum", "kenmerk", "opmerkingen")
        return Uitspraak(**{name: self.cleaned_data[name] for name in fields}, per_doel=self.per_deel)

    def clean_vergaderdatum(self) -> date:
        day: date = self.cleaned_data["vergaderdatum"]
        if day > timezone.localdate():
            raise forms.ValidationError("Deze vergadering is nog niet geweest. Vul de datum in waarop is besloten.")
        return day

    def clean(self) -> dict[str, Any]:
        """A meeting may well be recorded afterwards, but a day before the submission may also be a slip."""
        cleaned = super().clean() or self.cleaned_data
        day, submitted = cleaned.get("vergaderdatum"), self.voorgelegd_op
        if day and submitted and cleaned.get("gezien") == submitted.isoformat() and not cleaned["eerder"]:
            since = timezone.localdate(submitted)
            if day < since:
                self.add_error(
                    "eerder",
                    f"Op {format_day(day)} lag dit nog niet voor; dat is sinds {format_day(since)}. "
                    "Verbeter de datum, of vink aan dat de vergadering eerder was.",
                )
        return cleaned

    @property
    def velden(self) -> list[forms.BoundField]:
        """The fields about the whole; that the meeting came earlier is asked only where its date says so."""
        asked = bool(self["eerder"].errors or self["eerder"].value())
        return [field for field in super().velden if asked or field.name != "eerder"]


class ZonderOpgaveForm(forms.Form):
    """Why a quarter goes to the REA without the opgave of each gemeente that submitted none."""

    def __init__(self, data: QueryDict | None = None, *, gemeenten: Sequence[Organisatie]) -> None:
        super().__init__(data)
        self.gemeenten = {f"gemeente-{gemeente.slug}": gemeente for gemeente in gemeenten}
        for name, gemeente in self.gemeenten.items():
            label = gemeente.label
            self.fields[name] = _text_field(
                f"Waarom zonder de opgave van {label}?",
                rows=2,
                error_messages={"required": f"Schrijf waarom {label} ontbreekt, of wacht tot die opgave er is."},
            )

    @property
    def zonder(self) -> dict[Organisatie, str]:
        return {gemeente: self.cleaned_data[name] for name, gemeente in self.gemeenten.items()}


class KwartaalteruggaveForm(PerDeelForm):
    reden = _text_field(
        "Waarom geeft u dit kwartaal terug?",
        help_text="De secretaris ziet deze reden. Zij blijft in de geschiedenis staan.",
        error_messages={"required": "Schrijf wat er moet gebeuren voordat dit kwartaal opnieuw kan worden voorgelegd."},
    )


class KwartaalvaststellingForm(VaststellingForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["overleg"].label = "In welk overleg is dit kwartaal vastgesteld?"
        self.fields["opmerkingen"].help_text = "Deze blijven bij het vastgestelde kwartaal staan."


class HeropeningForm(forms.Form):
    reden = _text_field(
        "Waarom heropent u dit rapport?",
        help_text="Deze reden staat bij de nieuwe versie en blijft in de geschiedenis staan.",
        error_messages={"required": "Schrijf waarom het vastgestelde rapport moet veranderen."},
    )


class KwartaalheropeningForm(HeropeningForm):
    reden = _text_field(
        "Waarom heropent u dit kwartaal?",
        help_text="Deze reden staat bij de nieuwe versie en blijft in de geschiedenis staan.",
        error_messages={"required": "Schrijf waarom de vastgestelde aantallen moeten veranderen."},
    )


class ControleForm(forms.Form):
    bestand = forms.FileField(
        label="Pdf of JSON van een rapport of kwartaal",
        help_text=f"Hooguit {MAX_BYTES // 1024**2} MB. Het bestand wordt alleen vergeleken en niet bewaard.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.json,application/pdf,application/json"}),
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
    )

    def clean_bestand(self) -> UploadedFile:
        bestand: UploadedFile = self.cleaned_data["bestand"]
        if (bestand.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"Dit bestand is groter dan {MAX_BYTES // 1024**2} MB.")
        return bestand


class SharedTextForm(forms.Form):
    """A text that everybody in the regio reads: it counts no children below the threshold of masking."""

    readers = "Iedereen in de regio"

    def __init__(self, data: QueryDict | None = None, *, drempel: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.drempel = drempel

    def clean_text(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        found = find_small_count(text, self.drempel)
        if found:
            raise forms.ValidationError(
                f"‘{found}’ noemt een klein aantal. {self.readers} leest dit, en aantallen onder {self.drempel} zijn"
                " afgeschermd. Schrijf het zonder dat aantal."
            )
        return text


class IntrekkingForm(SharedTextForm):
    readers = "Iedereen"
    reden = _text_field(
        "Waarom trekt u dit in?",
        help_text="Iedereen leest deze reden waar het rapport stond. Noem geen namen en geen kleine aantallen.",
        error_messages={"required": "Schrijf waarom dit niet meer openbaar is. De lezer vindt anders een lege plek."},
    )

    def __init__(self, data: QueryDict | None = None, *, regio: Regio) -> None:
        super().__init__(data, drempel=regio.drempel)
        self.regio = regio

    def clean_reden(self) -> str:
        reden = self.clean_text("reden")
        found = persons_in({"reden": reden}, self.regio)
        if found:
            said = ", ".join(map(str, found))
            raise forms.ValidationError(f"{said} hoort niet op een openbare pagina. Schrijf het zonder naam.")
        return reden


class VraagForm(SharedTextForm):
    tekst = _text_field(
        "Uw vraag",
        help_text="Iedereen in de regio kan uw vraag en het antwoord lezen.",
        error_messages={"required": "Schrijf wat u wilt weten."},
    )

    def clean_tekst(self) -> str:
        return self.clean_text("tekst")


class AntwoordForm(SharedTextForm):
    antwoord = _text_field(
        "Uw antwoord",
        help_text="Iedereen in de regio kan het antwoord lezen.",
        error_messages={"required": "Schrijf het antwoord."},
    )
    versie = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_antwoord(self) -> str:
        return self.clean_text("antwoord")


class InRapportForm(forms.Form):
    meetmoment = forms.ModelChoiceField(
        Meetmoment.objects.none(),
        label="Vraag en antwoord opnemen in een rapport",
        required=False,
        empty_label="niet in een rapport",
        help_text="Alleen rapporten die nog niet zijn voorgelegd of vastgesteld.",
        error_messages={"invalid_choice": "Kies een rapport uit de lijst."},
    )

    def __init__(self, data: QueryDict | None = None, *, momenten: QuerySet[Meetmoment], gekozen: int | None) -> None:
        super().__init__(data, initial={"meetmoment": gekozen})
        field = cast(forms.ModelChoiceField, self.fields["meetmoment"])
        field.queryset = momenten
        field.label_from_instance = lambda obj: f"Rapport {obj}"  # type: ignore[method-assign]


def _number_field(label: str, *, help_text: str = "") -> GetalField:
    return GetalField(
        label=label,
        required=False,
        help_text=help_text,
        max_digits=9,
        decimal_places=2,
        min_value=0,
        error_messages=NUMBER_ERRORS,
    )


class MetingForm(forms.ModelForm):
    """One meting of an indicator: a number, or why it is unknown.

    Beside a norm of its own the average of the country is not asked for.
    """

    waarde = _number_field("Waarde")
    landelijk = _number_field("Landelijk gemiddelde")
    toelichting = _text_field("Toelichting", required=False)
    versie = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Indicatorwaarde
        fields = ("peildatum", "waarde", "landelijk", "bron", "toelichting")
        field_classes: ClassVar[Any] = {"bron": WholeTextField}
        widgets: ClassVar[Any] = {
            "peildatum": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages: ClassVar[Any] = {
            "peildatum": {
                "required": "Vul de dag in waarvan dit de stand is.",
                "invalid": "Schrijf de dag als 01-10-2026.",
            },
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Indicatorwaarde) -> None:
        super().__init__(data, instance=instance)
        self.fields["waarde"].label = f"Waarde ({instance.indicator.eenheid})"
        self.fields["waarde"].help_text = "Niet bekend? Laat dit vak leeg en schrijf bij de toelichting waarom."
        self.fields["versie"].initial = instance.versie if instance.pk else 0
        if instance.indicator.norm == Norm.LANDELIJK:
            self.fields["landelijk"].help_text = "Zonder dit getal kan de check deze meting niet nagaan."
        elif instance.indicator.grens is not None and instance.landelijk is None:
            del self.fields["landelijk"]

    def clean_peildatum(self) -> date:
        day: date = self.cleaned_data["peildatum"]
        if day < EARLIEST_MEASURED:
            raise forms.ValidationError(f"Vul een dag in vanaf {format_day(EARLIEST_MEASURED)}.")
        if day > timezone.localdate():
            raise forms.ValidationError("Deze dag is nog niet geweest. Vul een dag in waarvan de stand bekend is.")
        same_day = Indicatorwaarde.objects.filter(indicator=self.instance.indicator, peildatum=day)
        if same_day.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                f"Van {format_day(day)} is er al een meting. Wijzig die, of kies een andere dag."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_empty = "waarde" in cleaned and cleaned["waarde"] is None
        if is_empty and "toelichting" in cleaned and not cleaned["toelichting"]:
            self.add_error("waarde", "Vul een waarde in, of schrijf in de toelichting waarom zij onbekend is.")
        return cleaned

    def show_what_stands_there(self, current: Indicatorwaarde | None) -> None:
        """Tell what somebody else saved in between; to save once more puts what was typed in its place."""
        if current is None:
            self.add_error(
                None,
                "Iemand anders verplaatste of verwijderde deze meting intussen."
                " Bewaar nog eens om haar opnieuw te maken.",
            )
            return
        if current.pk != self.instance.pk:
            self.add_error(
                "peildatum", f"{current.gewijzigd_door} voerde van deze dag intussen in: {_in_words(current)}."
            )
            return
        self.data = {**self.data.dict(), "versie": str(current.versie)}  # type: ignore[attr-defined]
        self.add_error(
            None,
            f"{current.gewijzigd_door} wijzigde deze meting intussen. Nu staat er: {_in_words(current)}."
            " Bewaar nog eens om uw invoer, ook de bron en de toelichting, ervoor in de plaats te zetten.",
        )


def _in_words(meting: Indicatorwaarde) -> str:
    said = [format_day(meting.peildatum), "onbekend" if meting.waarde is None else number(meting.waarde)]
    said += [f"landelijk {number(meting.landelijk)}"] if meting.landelijk is not None else []
    return ", ".join([*said, *(text for text in (meting.bron, meting.toelichting) if text)]).rstrip(".")
