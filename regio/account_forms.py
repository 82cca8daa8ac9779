"""The forms of signing in: checked by allauth, said in our words, with errors that tell what to do."""

import json
import struct
from collections.abc import Collection, Mapping
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from regio.berichten import Berichtsoort
from regio.subscriptions import VERPLICHT, VRIJ

NUL = "\\u0000"  # As JSON writes it; PostgreSQL cannot keep it.
HELP_FOR_A_NEW_ONE = (
    "Minstens 12 tekens, bijvoorbeeld vier woorden achter elkaar. Geen wachtwoord dat veel mensen gebruiken, dat op uw"
    " naam of e-mailadres lijkt, dat alleen uit cijfers bestaat of waarin de naam Agendamonitor staat."
)

MAIL_LABELS = {
    Berichtsoort.HERINNERING: "Herinneringen",
    Berichtsoort.VOORGELEGD: "Er ligt iets ter vaststelling",
    Berichtsoort.VASTGESTELD: "Er is iets vastgesteld",
    Berichtsoort.BEANTWOORD: "Uw vraag is beantwoord",
    Berichtsoort.TERUGGEGEVEN: "Er komt iets bij u terug",
    Berichtsoort.VERZOEK: "Iemand vraagt u om iets in te voeren",
}
# What nobody can switch off, in words: what it is and why.


def always(kinds: Collection[Berichtsoort]) -> list[tuple[str, str]]:
    """Return of the `kinds` those that cannot be switched off, each with why."""
    return [(MAIL_LABELS[soort], why) for soort, why in VERPLICHT.items() if soort in kinds]


def say(field: forms.Field, label: str, *, required: str, help_text: str = "", **errors: str) -> None:
    """Give a field of allauth our words; its placeholder goes, because a label that disappears is no label."""
    field.label, field.help_text = label, help_text
    field.error_messages |= {"required": required, **errors}
    field.widget.attrs.pop("placeholder", None)


def say_email(field: forms.Field) -> None:
    invalid = "Vul een e-mailadres in zoals naam@gemeente.nl."
    say(field, "E-mailadres", required="Vul uw e-mailadres in.", invalid=invalid)


def say_new_password(form: forms.Form) -> None:
    """Ask for a new password once: whoever mistypes it can look at it (static/js/wachtwoord.js) or ask for a link."""
    del form.fields["password2"]
    say(
        form.fields["password1"],
        "Nieuw wachtwoord",
        required="Vul een nieuw wachtwoord in.",
        help_text=HELP_FOR_A_NEW_ONE,
    )


def say_code(field: forms.Field, help_text: str) -> None:
    say(field, "Code", required="Vul de code in.", help_text=help_text)
    field.widget.attrs |= {"autocomplete": "one-time-code", "class": "code-veld"}


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_email(self.fields["login"])
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        say(self.fields["password"], "Wachtwoord", required="Vul uw wachtwoord in.")


class PasswordResetForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_email(self.fields["email"])


class PasswordFromLinkForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_new_password(self)


class PasswordSetForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_new_password(self)


class PasswordChangeForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], "Huidig wachtwoord", required="Vul uw huidige wachtwoord in.")
        say_new_password(self)


class ConfirmForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], "Wachtwoord", required="Vul uw wachtwoord in.")


class CodeForm(second_step.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_code(self.fields["code"], "De zes cijfers uit uw verificatie-app, of een van uw herstelcodes.")


class ConfirmCodeForm(second_step.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_code(self.fields["code"], "De zes cijfers uit uw verificatie-app, of een van uw herstelcodes.")


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_code(self.fields["code"], "De zes cijfers die de app nu laat zien.")


PASSKEY_FAILED = "Er kwam geen toegangssleutel binnen. Klik nog een keer op de knop en volg wat uw apparaat vraagt."
PASSKEY_UNKNOWN = "Deze toegangssleutel hoort niet (meer) bij dit account. Meld u aan op een andere manier."
# What fido2 raises when it reads an answer that no browser would give.
UNREADABLE = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, struct.error)


class OnceInput(forms.PasswordInput):
    """A hidden field whose answer is not given back: it is good for one try, and may hold what no page can show."""

    input_type = "hidden"
    template_name = "django/forms/widgets/hidden.html"


def say_passkey(field: forms.Field, kind: type[RegistrationResponse | AuthenticationResponse]) -> None:
    """Refuse an answer that cannot be read, in our words; allauth catches part of what its library raises."""

    def is_readable(answer: Any) -> None:
        try:
            read = kind.from_dict(answer)
        except UNREADABLE as error:
            raise ValidationError(PASSKEY_FAILED) from error
        if read is None or NUL in json.dumps(answer):
            raise ValidationError(PASSKEY_FAILED)

    field.error_messages |= {"required": PASSKEY_FAILED, "invalid": PASSKEY_FAILED}
    field.validators.append(is_readable)
    field.widget = OnceInput()


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = "Waaraan u deze sleutel herkent, bijvoorbeeld Telefoon of Laptop."
        self.fields["name"] = forms.CharField(label="Naam", required=False, max_length=50, help_text=help_text)
        say_passkey(self.fields["credential"], RegistrationResponse)
        self.fields["passwordless"] = forms.BooleanField(
            label="Ook aanmelden zonder wachtwoord",
            required=False,
            initial=True,
            help_text="Uw apparaat vraagt dan om uw vingerafdruk, gezicht of pincode.",
        )


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required = {"required": "Vul een naam in waaraan u deze sleutel herkent."}
        self.fields["name"] = forms.CharField(label="Naam", max_length=50, error_messages=required)


class KnownPasskey:
    """Says of a passkey that belongs to no account what it is; allauth speaks of a code, which nobody typed."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's form
        except ValidationError as error:
            if error.code == "incorrect_code":
                raise ValidationError(PASSKEY_UNKNOWN) from error
            raise


class PasskeyForm(KnownPasskey, AuthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_passkey(self.fields["credential"], AuthenticationResponse)


class ConfirmPasskeyForm(KnownPasskey, ReauthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_passkey(self.fields["credential"], AuthenticationResponse)


class PasskeySignInForm(KnownPasskey, LoginWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_passkey(self.fields["credential"], AuthenticationResponse)


class MailForm(forms.Form):
    """Which mail somebody wants: a tick for each kind that can be switched off."""

    def __init__(self, *args: Any, keuzes: Mapping[Berichtsoort, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for soort, aan in keuzes.items():
            label = MAIL_LABELS[soort]
            self.fields[soort.value] = forms.BooleanField(
                label=label, help_text=VRIJ[soort], initial=aan, required=False
            )

    def keuzes(self) -> dict[Berichtsoort, bool]:
        return {Berichtsoort(name): aan for name, aan in self.cleaned_data.items()}
