"""A machine that is set up wrongly does not start, and says in Dutch which variable to mend and how."""

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regio import environment

ROOT = Path(__file__).parent.parent.parent
GOOD = {
    "ALLOWED_HOSTS": "agenda.gemeente.example",
    "DATABASE_URL": "sqlite://:memory:",
    "DEBUG": "false",
    "DEMO": "false",
    "EMAIL_URL": "submission://gebruiker:geheim@mail.gemeente.example:587",
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
}

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads the settings as a start does; a variable that is None is absent."""
    # No .env, which would fill in what a test leaves out.
    monkeypatch.setattr(environment, "BASE_DIR", tmp_path)

    def read(**variables: str | None) -> dict[str, Any]:
        for name in environment.EXPECTED:
            monkeypatch.delenv(name, raising=False)
        for name, value in {**GOOD, "VAR_DIR": str(tmp_path / "var"), **variables}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "regio" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "ja", "true of false"),
        ("DEFAULT_FROM_EMAIL", "niks", "agendamonitor@example.nl"),
        ("VAR_DIR", "/proc/nergens", "een map waarin dit programma mag schrijven"),
        ("PORT", "abc", "een poort van 1 tot en met 65535"),
        ("PORT", "70000", "een poort van 1 tot en met 65535"),
        ("PORT", "0", "een poort van 1 tot en met 65535"),
        ("WEB_CONCURRENCY", "veel", "een heel getal vanaf 1"),
        ("WEB_CONCURRENCY", "0", "een heel getal vanaf 1"),
        ("DEMO", "", "true of false"),
        ("SECRET_KEY", None, "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "geheim", "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "he" * 40, "minstens 50 willekeurige tekens"),
        ("SECRET_KEY", "django-insecure-geheim-" + "0123456789" * 5, "minstens 50 willekeurige tekens"),
        ("DATABASE_URL", "geheim.sqlite3", "sqlite:////pad/naar/bestand.sqlite3"),
        ("DATABASE_URL", "mysql://gebruiker:geheim@host/naam", "postgres://gebruiker:wachtwoord@host:5432/naam"),
        ("DATABASE_URL", "", "postgres://gebruiker:wachtwoord@host:5432/naam"),
        ("DATABASE_URL", "postgres://gebruiker:geheim@host:poort/naam", "sqlite:////pad/naar/bestand.sqlite3"),
        ("EMAIL_URL", "smtp+tls://gebruiker:geheim@host", "submission://gebruiker:wachtwoord@host:587"),
        ("EMAIL_URL", "file://", "file:////pad/naar/map"),
        ("EMAIL_URL", "", "submission://gebruiker:wachtwoord@host:587"),
        ("ALLOWED_HOSTS", "*", "zonder *"),
        ("ALLOWED_HOSTS", "", "zonder *"),
        ("ALLOWED_HOSTS", "https://agenda.gemeente.example", "zonder https://"),
        ("TRUSTED_PROXIES", "ja", "het aantal proxy's"),
        ("TRUSTED_PROXIES", "-1", "het aantal proxy's"),
        ("SECOND_STEP", "soms", "true of false"),
        ("SESSION_IDLE_MINUTES", "0", "een aantal minuten"),
        ("SESSION_MAX_HOURS", "acht", "een aantal uren"),
        ("SECURITY_CONTACT", "bel ons", "mailto:beveiliging@example.nl"),
        ("SITE_URL", "agenda.example.nl", "https://agenda.example.nl"),
    ],
)
def test_refuses_to_start_and_says_what_to_put_there(read: Read, name: str, value: str | None, expected: str):
    with pytest.raises(SystemExit) as stopped:
        read(**{name: value})
    said = str(stopped.value)
    assert said.startswith(f"Agendamonitor start niet: de omgevingsvariabele {name} ")
    assert ("ontbreekt" in said) is (value is None)
    assert expected in said
    assert "geheim" not in said


def test_repeats_what_is_wrong_where_that_is_no_secret(read: Read):
    with pytest.raises(SystemExit, match=r"\(er staat: 'ja'\)"):
        read(DEBUG="ja")


def test_process_ends_with_that_sentence_alone(tmp_path: Path):
    shutil.copytree(ROOT / "regio", tmp_path / "regio", ignore=shutil.ignore_patterns("__pycache__"))
    result = subprocess.run(
        [sys.executable, "-c", "import regio.settings"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Agendamonitor start niet: de omgevingsvariabele SECRET_KEY ontbreekt. Zet daar: ")
    assert len(result.stderr.splitlines()) == 1


def test_trial_machine_may_have_a_short_key_but_not_an_empty_one(read: Read):
    with pytest.raises(SystemExit, match="SECRET_KEY klopt niet"):
        read(DEMO="true", SECRET_KEY="")
    assert read(DEMO="true", SECRET_KEY="kort")["SECRET_KEY"] == "kort"


def test_real_machine_starts_with_a_key_alone_and_is_strict(read: Read):
    settings = read(ALLOWED_HOSTS=None, DATABASE_URL=None, DEBUG=None, DEMO=None, EMAIL_URL=None)
    assert (settings["DEBUG"], settings["DEMO"]) == (False, False)
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    # A link to a new password does not end in the log.
    assert settings["MAIL_TRANSPORT"] == "django.core.mail.backends.smtp.EmailBackend"


def test_trial_machine_speaks_http_and_mails_into_a_folder(read: Read, tmp_path: Path):
    settings = read(DEMO="true", EMAIL_URL=None)
    assert not settings["SECURE_SSL_REDIRECT"]
    assert not settings["SESSION_COOKIE_SECURE"]
    assert settings["MAIL_TRANSPORT"] == "django.core.mail.backends.filebased.EmailBackend"
    assert settings["EMAIL_FILE_PATH"] == str(tmp_path / "var" / "mail")


def test_proxy_is_believed_only_when_it_is_named(read: Read):
    settings = read(TRUSTED_PROXIES="1")
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert settings["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_sessions_last_as_long_as_the_machine_says(read: Read):
    settings = read()
    assert (settings["SESSION_IDLE_SECONDS"], settings["SESSION_COOKIE_AGE"]) == (30 * 60, 8 * 60 * 60)
    settings = read(SESSION_IDLE_MINUTES="15", SESSION_MAX_HOURS="4")
    assert (settings["SESSION_IDLE_SECONDS"], settings["SESSION_COOKIE_AGE"]) == (15 * 60, 4 * 60 * 60)


def test_postgresql_connections_are_kept_and_looked_after(read: Read):
    database = read(DATABASE_URL="postgres://gebruiker:geheim@host:5432/naam")["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_HEALTH_CHECKS"]


def test_a_second_step_is_asked_for_unless_the_machine_is_for_trial_or_says_otherwise(read: Read):
    assert read()["SECOND_STEP"] is True
    assert read(SECOND_STEP="false")["SECOND_STEP"] is False
    assert read(DEMO="true")["SECOND_STEP"] is False
