"""The environment, parsed strictly: a wrong or missing variable stops the start and says what to put there."""

import re
import sys
from pathlib import Path
from typing import Any

from environs import Env, EnvError, ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent

EXPECTED = {
    "SECRET_KEY": "minstens 50 willekeurige tekens, bijvoorbeeld wat dit afdrukt:"
    ' python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
    "SECRET_KEY_FALLBACKS": "vorige waarden van SECRET_KEY met komma's ertussen, of laat de variabele weg",
    "DATABASE_URL": "sqlite:////pad/naar/bestand.sqlite3 of postgres://gebruiker:wachtwoord@host:5432/naam",
    "EMAIL_URL": "submission://gebruiker:wachtwoord@host:587, smtp://host:25, console:// of file:////pad/naar/map",
    "ALLOWED_HOSTS": "hostnamen met komma's ertussen, zonder https:// en zonder *, bijvoorbeeld agenda.example.nl",
    "DEFAULT_FROM_EMAIL": "het adres waarvan mail komt, bijvoorbeeld agendamonitor@example.nl",
    "VAR_DIR": "een map waarin dit programma mag schrijven, bijvoorbeeld /var/lib/agendamonitor",
    "PORT": "een poort van 1 tot en met 65535, bijvoorbeeld 8000",
    "WEB_CONCURRENCY": "het aantal processen, een heel getal vanaf 1, bijvoorbeeld 2",
    "DEBUG": "true of false",
    "DEMO": "true of false",
    "TRUSTED_PROXIES": "het aantal proxy's voor dit programma die u zelf beheert, meestal 1, of 0 als er geen is",
    "SECOND_STEP": "true of false",
    "SESSION_IDLE_MINUTES": "een aantal minuten, bijvoorbeeld 30",
    "SESSION_MAX_HOURS": "een aantal uren, bijvoorbeeld 8",
    "SITE_URL": "het adres waarop mensen de Agendamonitor openen, bijvoorbeeld https://agenda.example.nl",
    "SECURITY_CONTACT": "waar iemand een lek kan melden, bijvoorbeeld mailto:beveiliging@example.nl of https://example.nl/melden",
}
# What these hold is never repeated, not even when it is wrong: the message ends up in a log.
SECRET = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "EMAIL_URL"}

HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)
MAX_PORT = 65_535
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 5


def read_environment() -> Env:
    """Return the parsed environment, with `.env` in the project root filling in what is not set."""
    env = Env(eager=True)
    env.read_env(BASE_DIR / ".env", recurse=False)
    return env


def require(env: Env, kind: str, name: str, **options: Any) -> Any:
    """Return variable `name` as `kind` (an environs parser); exit with a Dutch sentence when it is missing or wrong."""
    check = options.pop("validate", None)  # environs validates some kinds only
    try:
        value = getattr(env, kind)(name, **options)
        if check:
            check(value)
        return value
    except (EnvError, ValidationError, ValueError, OSError):
        sys.exit(
            f"Agendamonitor start niet: de omgevingsvariabele {name} {_what_is_wrong(env, name)}."
            f" Zet daar: {EXPECTED[name]}."
        )


def _what_is_wrong(env: Env, name: str) -> str:
    found = env.str(name, None)
    if found is None:
        return "ontbreekt"
    return "klopt niet" if name in SECRET else f"klopt niet (er staat: {found!r})"


def is_strong_key(key: str) -> None:
    """Refuse a key that somebody could guess: everything that is signed (sessions, reset links) hangs on it."""
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or key.startswith("django-insecure-"):
        raise ValidationError("too weak")


def is_filled(text: str) -> None:
    if not text:
        raise ValidationError("empty")


def is_address(text: str) -> None:
    if "@" not in text:
        raise ValidationError("no address")


def is_port(number: int) -> None:
    if not 1 <= number <= MAX_PORT:
        raise ValidationError("no port")


def is_folder(path: Path) -> None:
    """Make the folder where it is missing; raises OSError where that cannot be."""
    path.mkdir(parents=True, exist_ok=True)


def is_supported_database(settings: dict[str, Any]) -> None:
    if settings.get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
        raise ValidationError("neither SQLite nor PostgreSQL")


def is_supported_mail(settings: dict[str, Any]) -> None:
    """Refuse what dj-email-url lets pass: a scheme it does not know, a folder without a path."""
    backend = settings.get("EMAIL_BACKEND", "")
    if not backend or (backend.endswith("filebased.EmailBackend") and not settings["EMAIL_FILE_PATH"]):
        raise ValidationError("no transport")


def are_hosts(names: list[str]) -> None:
    """Refuse what is no host name, "*" above all: a mailed link bears the name that the visitor asked for."""
    if not names or not all(HOST.fullmatch(name) for name in names):
        raise ValidationError("no host names")


def is_positive(number: int) -> None:
    if number < 1:
        raise ValidationError("too small")


def is_not_negative(number: int) -> None:
    if number < 0:
        raise ValidationError("negative")


def is_contact(address: str) -> None:
    if not re.fullmatch(r"(mailto:[^\s@]+@|https://|tel:)\S+", address):
        raise ValidationError("no mailto:, https: or tel:")


def is_site(address: str) -> None:
    """Refuse what a link in a mail cannot begin with."""
    if not re.fullmatch(r"https?://[^\s/@?#]+/?", address):
        raise ValidationError("no address of a site")
