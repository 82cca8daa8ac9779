"""The environment, parsed strictly: a wrong or missing variable stops the start and says what to put there."""

import sys
from pathlib import Path
from typing import Any

from environs import Env, EnvError
from marshmallow import ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent

EXPECTED = {
    "SECRET_KEY": "een lange, willekeurige tekenreeks (bin/setup maakt er een in .env op een proefmachine)",
    "DATABASE_URL": "sqlite:///pad/naar/bestand.sqlite3 of postgres://gebruiker:wachtwoord@host:5432/naam",
    "EMAIL_URL": "smtp+tls://gebruiker:wachtwoord@host:587, console:// of filemail:///pad",
    "ALLOWED_HOSTS": "hostnamen met komma's ertussen, bijvoorbeeld agenda.example.nl",
    "DEBUG": "true of false",
    "DEMO": "true of false",
}


def read_environment() -> Env:
    """Return the parsed environment, with `.env` in the project root filling in what is not set."""
    env = Env(eager=True)
    env.read_env(BASE_DIR / ".env", recurse=False)
    return env


def require(env: Env, kind: str, name: str, **options: Any) -> Any:
    """Return variable `name` as `kind` (an environs parser); exit with a Dutch sentence when it is missing or wrong."""
    try:
        return getattr(env, kind)(name, **options)
    except (EnvError, ValidationError, ValueError) as error:
        sys.exit(f"Agendamonitor start niet: de omgevingsvariabele {name} klopt niet ({error}). Verwacht: {EXPECTED[name]}.")
