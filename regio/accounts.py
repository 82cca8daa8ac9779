"""Signing in by django-allauth: accounts are made by a beheerder, and every step leaves a line in the log."""

import base64
import hashlib
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.utils import build_absolute_uri
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from regio.audit import Event, record
from regio.models import Gebruiker, Lidmaatschap

# No mail can ever reach an address under .test (RFC 2606), so only the demo's own accounts end like this.
DEMO_DOMAIN = ".test"
DEMO_PASSWORD = "agendamonitor-demo"  # noqa: S105 - published: only the demo's own accounts have it


class AccountAdapter(DefaultAccountAdapter):
    """What allauth says and where it leads, in Dutch and without a way to make an account oneself."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dit account is uitgezet. Vraag uw beheerder om het weer aan te zetten.",
        "email_password_mismatch": "Dit e-mailadres en dit wachtwoord horen niet bij elkaar. Controleer beide,"
        " of vraag een nieuw wachtwoord aan.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord. Typ het opnieuw.",
        "incorrect_code": "Deze code klopt niet. Neem de code over die er nu staat.",
        "incorrect_password": "Dit wachtwoord klopt niet. Typ het opnieuw.",
        "rate_limited": "U probeert het te vaak. Wacht vijf minuten en probeer het dan opnieuw.",
        "too_many_login_attempts": "Er is te vaak geprobeerd om met dit account aan te melden. Wacht vijf minuten"
        " en probeer het dan opnieuw.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        words = {
            "reauthenticate": "Bevestig met uw wachtwoord",
            "mfa_reauthenticate": "Bevestig met een code",
            "mfa_reauthenticate:webauthn": "Bevestig met een toegangssleutel",
        }
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            record(Event.GEWEIGERD, by=None, wat="te-vaak", account=pseudonym(credentials.get("email", "")))
            raise

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        reset_url = build_absolute_uri(self.request, reverse("account_reset_password"))
        extra = {"user": user, "herstel_url": reset_url}
        super().send_notification_mail(template_prefix, user, (context or {}) | extra, email)

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        record(Event.BEVEILIGING, by=user, wat="wachtwoord")


class SecondStepAdapter(DefaultMFAAdapter):
    """The second step: its words, and its secrets encrypted in the database (ASVS 2.8.2)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Deze manier van aanmelden kunt u niet verwijderen.",
        "cannot_generate_recovery_codes": "Herstelcodes kunt u pas maken als u een tweede stap hebt ingesteld.",
        "incorrect_code": "Deze code klopt niet. Neem de code over die er nu staat.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Toegangssleutel {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Agendamonitor"}


def _cipher() -> MultiFernet:
    """Encrypt with the key of SECRET_KEY; decrypt with that of its predecessors too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest())) for key in keys]
    )


class Backend(AuthenticationBackend):
    """Reads along with everybody what every page must know of them: a query of its own would be one a page.

    That is whether they have a second step, and of a beheerder whether accounts of the demo still work.
    """

    def get_user(self, user_id: Any) -> Any:
        # Sorted by its key: a reader is asked for at every request, and by name takes half as long again.
        gebruiker = _readers().filter(pk=user_id).order_by("pk").first()
        return gebruiker if gebruiker and self.user_can_authenticate(gebruiker) else None


@cache
def _readers() -> Any:
    """Put together once: that takes longer than asking."""
    warned = Case(When(is_superuser=True, then=Exists(demo_accounts())), default=False)
    steps = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    everybody: Any = Gebruiker.objects
    return everybody.annotate(demo_accounts_work=warned, has_second_step=Exists(steps))


def demo_accounts() -> QuerySet[Gebruiker]:
    """Return the accounts with the password that everybody can know, as far as they still work."""
    return Gebruiker.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)


def accounts_with_demo_password() -> QuerySet[Gebruiker]:
    """Return those of them that nobody gave another password.

    The demo gives all of them one hash; of no two passwords that people choose is the salt the same.
    """
    per_hash = Gebruiker.objects.order_by().values("password").annotate(accounts=Count("pk"))
    return demo_accounts().filter(password__in=per_hash.filter(accounts__gt=1).values("password"))


def demo_memberships() -> QuerySet[Lidmaatschap]:
    """Return who can sign in with the demo's known password; nobody but on a trial machine."""
    if not settings.DEMO:
        return Lidmaatschap.objects.none()
    demo = Lidmaatschap.objects.filter(gebruiker__in=accounts_with_demo_password())
    return demo.select_related("gebruiker", "regio", "organisatie").order_by("regio__naam", "pk")


# Heard from Django and allauth (see apps.py): these see every way in and out, the admin's and a passkey's too.


def record_sign_in(request: HttpRequest, user: Gebruiker, **_: Any) -> None:
    record(Event.AANGEMELD, by=user)


def record_sign_out(request: HttpRequest, user: Gebruiker | None, **_: Any) -> None:
    if user:
        record(Event.AFGEMELD, by=user)


def record_failed_sign_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    record(
        Event.AANMELDEN_MISLUKT,
        by=None,
        stap="wachtwoord",
        account=pseudonym(credentials.get("email", "")),
        bron=pseudonym(AccountAdapter().get_client_ip(request)) if request else None,
    )


def record_failed_second_step(request: HttpRequest, user: Gebruiker, **_: Any) -> None:
    record(Event.AANMELDEN_MISLUKT, by=user, stap="code", bron=pseudonym(AccountAdapter().get_client_ip(request)))


def record_changed_second_step(authenticator: Authenticator, user: Gebruiker, **_: Any) -> None:
    record(Event.BEVEILIGING, by=user, wat=authenticator.type)


def pseudonym(name: str) -> str:
    """Return a code that is the same for the same name, so that the log tells a pattern without telling who."""
    return salted_hmac("regio.accounts.pseudonym", name.lower()).hexdigest()[:12]
