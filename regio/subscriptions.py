"""What mail somebody wants: their choice per kind, and the link in a mail that switches it off without signing in."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from regio.audit import sign
from regio.berichten import Bericht, Berichtsoort, Mailkeuze
from regio.models import Gebruiker
from regio.permissions import Permission

# What somebody must get to do their part, each with the reason that the page gives.
VERPLICHT = {
    Berichtsoort.TERUGGEGEVEN: "Met de reden erbij. Zonder deze mail blijft het liggen.",
    Berichtsoort.VERZOEK: "Wie de voortgang volgt, vraagt u om iets in te voeren, hooguit één keer per dag.",
}
VRIJ = {
    Berichtsoort.HERINNERING: "Vóór en na de dag waarvóór u moet invoeren, zolang er nog iets ontbreekt.",
    Berichtsoort.VOORGELEGD: "Een rapport of kwartaal wacht op u: vaststellen of teruggeven.",
    Berichtsoort.VASTGESTELD: "Een rapport of kwartaal van uw regio staat vast.",
    Berichtsoort.BEANTWOORD: "Iemand gaf antwoord op een vraag van u, of wijzigde dat antwoord.",
}
# Who enters, who decides and who asks; every other kind is for everybody.
ENTERING = {
    Permission.SCORES_INVOEREN,
    Permission.LOKALE_SCORES_INVOEREN,
    Permission.AANTALLEN_INVOEREN,
    Permission.ALLE_AANTALLEN_INVOEREN,
}
DECIDING = {Permission.RAPPORT_VASTSTELLEN, Permission.KWARTAAL_VASTSTELLEN, Permission.BESLUIT_REGISTREREN}
FOR = {
    Berichtsoort.HERINNERING: ENTERING,
    Berichtsoort.TERUGGEGEVEN: ENTERING,
    Berichtsoort.VERZOEK: ENTERING,
    Berichtsoort.VOORGELEGD: DECIDING,
    Berichtsoort.BEANTWOORD: {Permission.VRAGEN_STELLEN},
}
SALT = "regio.subscriptions"


def kinds_for(gebruiker: Gebruiker) -> set[Berichtsoort]:
    """Return the kinds of mail that this person can get in one of their roles; a beheerder stands in for everybody."""
    if gebruiker.is_superuser:
        return set(Berichtsoort)
    may = {permission for lid in gebruiker.lidmaatschappen for permission in lid.permissions}
    return {soort for soort in Berichtsoort if soort not in FOR or may & FOR[soort]}


def refusers(soort: str, gebruiker_ids: Collection[int]) -> set[int]:
    """Return who of these people does not want mail of this kind."""
    if soort not in VRIJ:
        return set()
    off = Mailkeuze.objects.filter(soort=soort, aan=False, gebruiker__in=gebruiker_ids)
    return set(off.values_list("gebruiker", flat=True))


def choices_of(gebruiker: Gebruiker) -> dict[Berichtsoort, bool]:
    """Return for each kind that can be switched off whether this person gets it."""
    chosen = dict(Mailkeuze.objects.filter(gebruiker=gebruiker).values_list("soort", "aan"))
    return {soort: chosen.get(soort, True) for soort in VRIJ}


@transaction.atomic
def choose_mail(*, gebruiker: Gebruiker, keuzes: Mapping[Berichtsoort, bool], reden: str | None = None) -> None:
    """Keep what somebody chose for themselves, and withdraw what waits for them and is no longer wanted."""
    stood = choices_of(gebruiker)
    for soort, aan in keuzes.items():
        if stood[soort] != aan:
            keuze = Mailkeuze.objects.filter(gebruiker=gebruiker, soort=soort).first()
            keuze = keuze or Mailkeuze(gebruiker=gebruiker, soort=soort)
            keuze.aan = aan
            sign(keuze, gebruiker, reason=reden)
            keuze.save()
    unwanted = [soort for soort, aan in keuzes.items() if not aan]
    waiting = Bericht.objects.filter(gebruiker=gebruiker, soort__in=unwanted, status=Bericht.Status.WACHT)
    waiting.update(status=Bericht.Status.INGETROKKEN)


def unsubscribe_everything(gebruiker: Gebruiker) -> None:
    choose_mail(gebruiker=gebruiker, keuzes=dict.fromkeys(VRIJ, False), reden="Afgemeld met de link in een mail")


def unsubscribe_url(gebruiker: Gebruiker) -> str:
    """Return the address behind which this person, and nobody else, switches off what can be."""
    return settings.SITE_URL + reverse("mail-afmelden", args=[Signer(salt=SALT).sign(str(gebruiker.pk))])


def masked_address(gebruiker: Gebruiker) -> str:
    """Return an address that its owner knows and that tells others little: a mail with its link may be passed on."""
    name, _, domain = gebruiker.email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def fetch_by_token(token: str) -> Gebruiker | None:
    """Return whose link this is; None when it is nobody's."""
    try:
        pk = Signer(salt=SALT).unsign(token)
    except BadSignature:
        return None
    return Gebruiker.objects.filter(pk=pk, is_active=True).first()
