"""The forms of signing in: checked by allauth, said in our words, with errors that tell what to do."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

NEW_PASSWORD_HELP = (
    "Minstens 12 tekens, bijvoorbeeld vier woorden achter elkaar. Geen wachtwoord dat veel mensen gebruiken of dat op"
    " uw naam of e-mailadres lijkt."
)


def say(field: forms.Field, label: str, *, required: str, help_text: str = "", **errors: str) -> None:
    """Give a field of allauth our words; its placeholder goes, because a label that disappears is no label."""
    field.label, field.help_text = label, help_text
    field.error_messages |= {"required": required, **errors}
    field.widget.attrs.pop("placeholder", None)


def say_email(field: forms.Field) -> None:
    invalid = "Vul een e-mailadres in zoals naam@gemeente.nl."
    say(field, "E-mailadres", required="Vul uw e-mailadres in.")
    # Kept by the validator, not by the field.
    for validator in field.validators:
        if validator.code == "invalid":
            validator.message = invalid


def say_new_password(form: forms.Form) -> None:
    """Ask for a new password once: whoever mistypes it can look at it (static/js/wachtwoord.js) or ask for a new link."""
    del form.fields["password2"]
    say(
        form.fields["password1"],
        "Nieuw wachtwoord",
        required="Vul een nieuw wachtwoord in.",
        help_text=NEW_PASSWORD_HELP,
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


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self.fields["name"],
            "Naam",
            required="",
            help_text="Waaraan u deze sleutel herkent, bijvoorbeeld Telefoon of Laptop.",
        )
        self.fields["name"].max_length = 50
        say(self.fields["credential"], "", required=PASSKEY_FAILED, invalid=PASSKEY_FAILED)
        self.fields["passwordless"].initial = True
        say(
            self.fields["passwordless"],
            "Ook aanmelden zonder wachtwoord",
            required="",
            help_text="Uw apparaat vraagt dan om uw vingerafdruk, gezicht of pincode.",
        )


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], "Naam", required="Vul een naam in waaraan u deze sleutel herkent.")
