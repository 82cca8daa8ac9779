"""What a password must be, said as what to do; Django checks it, but says part of it in English."""

from django.contrib.auth import password_validation


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


class OwnPasswordValidator(password_validation.UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=("naam", "email"))

    def get_error_message(self) -> str:
        return "Dit wachtwoord lijkt te veel op: %(verbose_name)s. Kies een ander."

    def get_help_text(self) -> str:
        return "Kies geen wachtwoord dat op de naam of het e-mailadres lijkt."
