"""A machine that is set up wrongly does not start, and says in Dutch which variable to mend and how."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GOOD = {
    "ALLOWED_HOSTS": "agenda.gemeente.example",
    "DATABASE_URL": "sqlite://:memory:",
    "DEBUG": "false",
    "DEMO": "false",
    "EMAIL_URL": "submission://gebruiker:geheim@mail.gemeente.example:587",
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
}

Start = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the code and without a .env, which would fill in what a test leaves out."""
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(ROOT / "regio", folder / "regio", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def start(folder: Path, asked: str = "None", **environment: str | None) -> Start:
    """Read the settings as a new process does and print what `asked` says of them; None leaves a variable out."""
    chosen = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "var"), **GOOD, **environment}
    return subprocess.run(
        [sys.executable, "-c", f"from regio import settings; print({asked})"],
        cwd=folder,
        env={name: value for name, value in chosen.items() if value is not None},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "ja", "true of false"),
        ("DEMO", "", "true of false"),
        ("SECRET_KEY", None, "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "geheim", "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "he" * 40, "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "django-insecure-geheim-" + "0123456789" * 5, "minstens 50 willekeurige tekens"),
        ("DATABASE_URL", "geheim.sqlite3", "sqlite:////pad/naar/bestand.sqlite3"),
        ("DATABASE_URL", "mysql://gebruiker:geheim@host/naam", "postgres://gebruiker:wachtwoord@host:5432/naam"),
        ("DATABASE_URL", "", "postgres://gebruiker:wachtwoord@host:5432/naam"),
        ("EMAIL_URL", "smtp+tls://gebruiker:geheim@host", "submission://gebruiker:wachtwoord@host:587"),
        ("EMAIL_URL", "file://", "file:////pad/naar/map"),
        ("ALLOWED_HOSTS", "*", "zonder *"),
        ("ALLOWED_HOSTS", "https://agenda.gemeente.example", "zonder https://"),
        ("TRUSTED_PROXIES", "ja", "het aantal proxy's"),
        ("TRUSTED_PROXIES", "-1", "het aantal proxy's"),
        ("SESSION_IDLE_MINUTES", "0", "een aantal minuten"),
        ("SECURITY_CONTACT", "bel ons", "mailto:beveiliging@example.nl"),
    ],
)
def test_refuses_to_start_and_says_what_to_put_there(elsewhere: Path, name: str, value: str | None, expected: str):
    result = start(elsewhere, "None", **{name: value})
    assert result.returncode == 1
    assert result.stderr.startswith(f"Agendamonitor start niet: de omgevingsvariabele {name} ")
    assert ("ontbreekt" in result.stderr) is (value is None)
    assert expected in result.stderr
    assert "geheim" not in result.stderr
    assert "Traceback" not in result.stderr


def test_repeats_what_is_wrong_where_that_is_no_secret(elsewhere: Path):
    assert "(er staat: 'ja')" in start(elsewhere, DEBUG="ja").stderr


def test_trial_machine_may_have_a_short_key(elsewhere: Path):
    assert start(elsewhere, DEMO="true", SECRET_KEY="kort").returncode == 0


def test_real_machine_starts_with_a_key_alone_and_is_strict(elsewhere: Path):
    bare = {"ALLOWED_HOSTS": None, "DATABASE_URL": None, "DEBUG": None, "DEMO": None, "EMAIL_URL": None}
    asked = (
        "settings.DEBUG, settings.DEMO, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE,"
        " settings.SECURE_PROXY_SSL_HEADER, settings.ALLOWED_HOSTS"
    )
    result = start(elsewhere, asked, **bare)
    assert result.stdout == "False False True True None ['localhost', '127.0.0.1', '[::1]']\n"


def test_trial_machine_speaks_http_and_mails_into_a_folder(elsewhere: Path):
    asked = "settings.SECURE_SSL_REDIRECT, settings.EMAIL_FILE_PATH, settings.MAIL_TRANSPORT"
    result = start(elsewhere, asked, DEMO="true", EMAIL_URL=None)
    assert result.stdout == f"False {elsewhere}/var/mail django.core.mail.backends.filebased.EmailBackend\n"


def test_proxy_is_believed_only_when_it_is_named(elsewhere: Path):
    asked = "settings.SECURE_PROXY_SSL_HEADER, settings.ALLAUTH_TRUSTED_PROXY_COUNT"
    result = start(elsewhere, asked, TRUSTED_PROXIES="1")
    assert result.stdout == "('HTTP_X_FORWARDED_PROTO', 'https') 1\n"


def test_sessions_last_as_long_as_the_machine_says(elsewhere: Path):
    asked = "settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE"
    assert start(elsewhere, asked).stdout == "1800 28800\n"
    assert start(elsewhere, asked, SESSION_IDLE_MINUTES="15", SESSION_MAX_HOURS="4").stdout == "900 14400\n"
