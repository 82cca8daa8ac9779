"""A quarter of counts: where it stands, the steps to the REA and back, and its snapshot."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from monitoring.forms import (
    KwartaalheropeningForm,
    KwartaalteruggaveForm,
    KwartaalvaststellingForm,
    ZonderOpgaveForm,
    per_gemeente,
)
from monitoring.models import Rapportage
from monitoring.quarter import (
    KwartaalVersie,
    is_unchanged,
    load_kwartaalteruggaven,
    load_kwartaalversies,
    load_standen,
    load_toelichtingen,
    missing,
    rapportage_of_telmoment,
)
from monitoring.quarter_actions import OpgavenMissing, adopt_kwartaal, reopen_kwartaal, return_kwartaal, submit_kwartaal
from monitoring.quarter_snapshot import table_of
from monitoring.snapshot import canonical
from monitoring.steps import NotAllowedNow, registers
from regio.audit import Event, record
from regio.days import format_day
from regio.forms import refusals_in
from regio.models import Organisatie
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import may_see, sees_all
from thuiszitters.models import Telmoment
from thuiszitters.overview import load_quarters
from thuiszitters.publication import publish


def fetch_telmoment(request: SignedInRequest, permission: Permission, slug: str, peildatum: date) -> Telmoment:
    """Authorise and fetch: 404 outside the own regio, 403 without `permission`."""
    return Telmoment.objects.select_related("regio", "rapportage__voorgelegd_door").fetch_for(
        request.user, permission, regio__slug=slug, peildatum=peildatum
    )


@require_safe
def kwartaal_detail(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """Where the quarter stands, the opgave of each gemeente, its counts, and the versions that were adopted."""
    moment = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum)
    rapportage, sees_raw = rapportage_of_telmoment(moment), sees_all(request.user, moment.regio_id)
    versies = load_kwartaalversies(moment, sees_all=sees_raw)
    versie = choose_versie(versies, rapportage, request.GET.get("versie"))
    is_ingehouden = bool(versie and versie.is_ingehouden and not sees_raw)
    standen = load_standen(moment, rapportage, timezone.localdate())
    toelichtingen = load_toelichtingen(moment) if sees_raw else {}
    context = {
        **_about(moment, rapportage),
        "standen": [
            (stand, may_see(request.user, moment.regio_id, stand.gemeente), toelichtingen.get(stand.gemeente.pk, []))
            for stand in standen
        ],
        "ingediend": len(standen) - len(missing(standen)),
        "versies": versies,
        "versie": versie,
        "tabel": None if is_ingehouden else versie.tabel if versie else _live_table(moment) if sees_raw else None,
        "is_ingehouden": is_ingehouden,
        "ziet_alles": sees_raw,
        "teruggaven": load_kwartaalteruggaven(moment) if rapportage.pk else [],
        "is_begonnen": moment.peildatum <= timezone.localdate(),
        **_may(request, moment),
    }
    return render(request, "monitoring/kwartaal.html", context)


def _about(moment: Telmoment, rapportage: Rapportage) -> dict:
    return {
        "regio": moment.regio,
        "telmoment": moment,
        "rapportage": rapportage,
        "kwartaal": f"Kwartaal {format_day(moment.peildatum)}",
        "plek": "thuiszitters",
    }


def _may(request: SignedInRequest, moment: Telmoment) -> dict[str, bool]:
    may = request.user.permissions_in(moment.regio_id)
    return {
        "mag_voorleggen": Permission.KWARTAAL_VOORLEGGEN in may,
        "mag_teruggeven": Permission.KWARTAAL_TERUGGEVEN in may,
        "mag_vaststellen": bool(may & {Permission.KWARTAAL_VASTSTELLEN, Permission.BESLUIT_REGISTREREN}),
        "mag_heropenen": Permission.KWARTAAL_HEROPENEN in may,
        "mag_opgave_teruggeven": Permission.AANTALLEN_TERUGGEVEN in may,
        "mag_momentopname": request.user.has_permission(Permission.ALLE_AANTALLEN_BEKIJKEN, moment.regio_id),
    }


def choose_versie(versies: list[KwartaalVersie], rapportage: Rapportage, asked: str | None) -> KwartaalVersie | None:
    """Return version `asked`, without it the adopted one, None while the next is made; 404 for no such version."""
    if asked is None:
        return versies[0] if versies and rapportage.is_vastgesteld else None
    chosen = next((versie for versie in versies if str(versie.versie) == asked), None)
    if chosen is None:
        raise Http404
    return chosen


def _live_table(moment: Telmoment) -> dict | None:
    """Return the counts as they are now, of the opgaven that were submitted: those are what the REA adopts."""
    quarters = load_quarters(moment.regio, moment.peildatum, latest=1)
    return table_of(publish(quarters, drempel=None)[0]) if quarters and quarters[0].ingediend else None


@require_http_methods(["GET", "HEAD", "POST"])
def kwartaal_voorleggen(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """Show whose opgave is missing and ask why it may be, or lay the quarter before the REA."""
    moment = fetch_telmoment(request, Permission.KWARTAAL_VOORLEGGEN, slug, peildatum)
    rapportage = rapportage_of_telmoment(moment)
    standen = load_standen(moment, rapportage, timezone.localdate())
    absent = missing(standen)
    form = ZonderOpgaveForm(
        request.POST if request.method == "POST" else None, gemeenten=[stand.gemeente for stand in absent]
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, OpgavenMissing, NotAllowedNow):
            submit_kwartaal(telmoment=moment, zonder=form.zonder, by=request.user)
            said = "Dit kwartaal ligt nu voor aan het REA. Aantallen wijzigen kan pas weer na teruggave."
            return _done(request, moment, said)
    context = {
        **_about(moment, rapportage),
        "standen": standen,
        "is_ongewijzigd": is_unchanged(rapportage, standen),
        "ontbrekend": absent,
        "form": form,
        "is_begonnen": moment.peildatum <= timezone.localdate(),
    }
    return render(request, "monitoring/kwartaal_voorleggen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def kwartaal_teruggeven(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """Give a submitted quarter back with the reason, and the opgave of single gemeenten with a reason of its own."""
    moment = fetch_telmoment(request, Permission.KWARTAAL_TERUGGEVEN, slug, peildatum)
    gemeenten = Organisatie.objects.gemeenten_on(moment.regio, moment.peildatum).order_by("naam")
    form = KwartaalteruggaveForm(request.POST or None, delen=per_gemeente(gemeenten))
    if request.method == "POST" and form.is_valid():
        reden = form.cleaned_data["reden"]
        with refusals_in(form, NotAllowedNow):
            return_kwartaal(telmoment=moment, reden=reden, per_gemeente=form.per_deel, by=request.user)
            return _done(request, moment, "Dit kwartaal is teruggegeven. Uw reden staat erbij.")
    context = {**_about(moment, rapportage_of_telmoment(moment)), "form": form}
    return render(request, "monitoring/kwartaal_teruggeven.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def kwartaal_vaststellen(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """Adopt a submitted quarter, or register that the REA adopted it."""
    moment = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum)
    rapportage = rapportage_of_telmoment(moment)
    als_registratie = registers(request.user, rapportage, Permission.KWARTAAL_VASTSTELLEN)
    form = KwartaalvaststellingForm(request.POST or None, rapportage=rapportage)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            adopt_kwartaal(
                telmoment=moment,
                uitspraak=form.uitspraak,
                als_registratie=als_registratie,
                gezien=form.cleaned_data["gezien"],
                by=request.user,
            )
            return _done(request, moment, "Dit kwartaal is vastgesteld. Deze aantallen veranderen niet meer.")
    context = {
        **_about(moment, rapportage),
        "als_registratie": als_registratie,
        "zelf_voorgelegd": rapportage.voorgelegd_door_id == request.user.pk,
        "form": form,
    }
    return render(request, "monitoring/kwartaal_vaststellen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def kwartaal_heropenen(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """Begin the next version of an adopted quarter, with the reason."""
    moment = fetch_telmoment(request, Permission.KWARTAAL_HEROPENEN, slug, peildatum)
    gives_back = request.user.has_permission(Permission.AANTALLEN_TERUGGEVEN, moment.regio_id)
    form = KwartaalheropeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            opened = reopen_kwartaal(telmoment=moment, reden=form.cleaned_data["reden"], by=request.user)
            then = "Geef nu" if gives_back else "De secretaris geeft nu"
            said = (
                f"Versie {opened.versie} is begonnen. {then} de opgave terug van wie iets moet verbeteren; de"
                " vastgestelde versie blijft te lezen."
            )
            return _done(request, moment, said)
    context = {
        **_about(moment, rapportage_of_telmoment(moment)),
        "form": form,
        "mag_opgave_teruggeven": gives_back,
    }
    return render(request, "monitoring/kwartaal_heropenen.html", context)


def _done(request: SignedInRequest, moment: Telmoment, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("monitoring:kwartaal-detail", moment.regio.slug, moment.peildatum)


@require_safe
def kwartaal_momentopname(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """The snapshot of an adopted quarter with its counts, byte for byte as its sha256 was taken."""
    moment = fetch_telmoment(request, Permission.ALLE_AANTALLEN_BEKIJKEN, slug, peildatum)
    versie = _asked_versie(request, moment, sees_raw=True)
    return _file(request, moment, versie, versie.momentopname.inhoud, "momentopname")


@require_safe
def kwartaal_gemaskeerd(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """What of the snapshot everybody in the regio may have: no count below the threshold."""
    moment = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum)
    versie = _asked_versie(request, moment, sees_raw=False)
    if versie.is_ingehouden:
        messages.error(
            request,
            f"De aantallen van versie {versie.versie} worden niet meer gegeven. Naast die van een latere versie zou een"
            " klein aantal uit te rekenen zijn.",
        )
        return redirect("monitoring:kwartaal-detail", moment.regio.slug, moment.peildatum)
    return _file(request, moment, versie, canonical(versie.inhoud), "gemaskeerd")


def _asked_versie(request: SignedInRequest, moment: Telmoment, *, sees_raw: bool) -> KwartaalVersie:
    versies = load_kwartaalversies(moment, sees_all=sees_raw)
    versie = choose_versie(versies, rapportage_of_telmoment(moment), request.GET.get("versie"))
    if versie is None:
        raise Http404
    return versie


def _file(request: SignedInRequest, moment: Telmoment, versie: KwartaalVersie, text: str, soort: str) -> HttpResponse:
    name = f"{soort}-thuiszitters-{moment.regio.slug}-{moment.peildatum}-versie-{versie.versie}"
    record(Event.EXPORT, by=request.user, rapport=name, soort=soort)
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.json")
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": disposition})
