"""What a password must be, said as what to do; Django checks it, but says part of it in English."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

PRODUCT = "agendamonitor"


class LongPasswordValidator(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort. Gebruik minstens {self.min_length} tekens."

    def get_help_text(self) -> str:
        return f"Gebruik minstens {self.min_length} tekens, bijvoorbeeld vier woorden achter elkaar."


class RarePasswordValidator(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Dit wachtwoord gebruiken veel mensen, dus het is te raden. Kies een ander."

    def get_help_text(self) -> str:
        return "Kies geen wachtwoord dat veel mensen gebruiken."


class WordyPasswordValidator(password_validation.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "Dit wachtwoord bestaat alleen uit cijfers, dus het is te raden. Gebruik ook woorden."

    def get_help_text(self) -> str:
        return "Kies geen wachtwoord dat alleen uit cijfers bestaat."


class ProductPasswordValidator:
    """Refuse what somebody tries first who sees the sign-in page, and so the published password of the demo too."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = "".join(character for character in password.casefold() if character.isalpha())
        if PRODUCT in letters:
            raise ValidationError(
                "In dit wachtwoord staat de naam Agendamonitor, dus het is te raden. Kies een ander.",
                code="password_names_product",
            )

    def get_help_text(self) -> str:
        return "Kies geen wachtwoord met de naam Agendamonitor erin."


class OwnPasswordValidator(password_validation.UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=("naam", "email"))

    def get_error_message(self) -> str:
        return "Dit wachtwoord lijkt te veel op: %(verbose_name)s. Kies een ander."

    def get_help_text(self) -> str:
        return "Kies geen wachtwoord dat op de naam of het e-mailadres lijkt."
