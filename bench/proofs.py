"""What was promised of reliability and security, where there is nothing to measure, and the tests that prove it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from bench.budgets import Line
from bench.databases import FOLDER, ROOT

SIGNIN, SECURITY, ERRORS = "tests/regio/test_signin.py", "tests/regio/test_security.py", "tests/regio/test_errors.py"
ENTRY = "tests/browser/test_invoer.py"


@dataclass(frozen=True)
class Proof:
    """A promise, and the tests of it by name: a file, or a test in it. Without tests nothing proves it."""

    name: str
    tests: tuple[str, ...] = ()
    note: str = ""
    is_built: bool = True


RELIABILITY = (
    Proof(
        "killed at any moment of an import, an adoption, a save",
        (
            "tests/test_killed.py",
            "tests/monitoring/test_transitions.py::test_killed_at_any_moment_of_an_adoption_leaves_all_or_nothing",
        ),
    ),
    Proof(
        "two people, the same field, 200 interleavings",
        (
            "tests/monitoring/test_two_people.py",
            "tests/thuiszitters/test_two_people.py",
            f"{ENTRY}::test_two_people_in_one_field_both_see_both_texts",
        ),
    ),
    Proof(
        "the database gone: told with 503, and what was typed is kept",
        (
            f"{ERRORS}::test_database_that_goes_at_any_moment_is_told",
            f"{ERRORS}::test_database_gone_while_something_is_sent_tells_where_the_text_is",
            f"{ERRORS}::test_health_says_that_the_database_is_gone",
            f"{ENTRY}::test_a_lost_connection_loses_nothing",
            f"{ENTRY}::test_text_that_never_reached_the_server_is_there_after_a_reload",
        ),
    ),
    Proof("disk full", ("tests/test_disk_full.py",)),
    Proof(
        "PDF fonts missing",
        tuple(f"tests/regio/test_pdf.py::test_without_{what}_the_reason_is_named" for what in ("pango", "its_fonts")),
    ),
    Proof(
        "mail server down: the mail is sent later",
        (
            "tests/regio/test_mail.py::test_mail_waits_while_the_server_is_down_and_goes_in_order",
            "tests/regio/test_mail.py::test_server_that_is_still_down_loses_nothing",
            "tests/regio/test_mail.py::test_page_answers_the_same_while_the_mail_server_is_down",
            "tests/regio/test_outbox.py::test_a_server_that_is_down_costs_nothing_but_time",
        ),
    ),
    Proof("backup and restore: every sha256 of a momentopname the same", ("tests/test_backup.py",)),
)
SAFETY = (
    Proof("second factor for whoever can write", ("tests/regio/test_second_step.py",)),
    Proof(
        "rate limits on sign-in",
        (
            f"{SIGNIN}::test_five_wrong_passwords_close_an_account_for_five_minutes",
            f"{SIGNIN}::test_many_requests_from_one_address_get_a_page_that_says_so",
            f"{SIGNIN}::test_six_links_a_minute_are_too_many",
            f"{SIGNIN}::test_too_many_wrong_codes_close_the_second_step",
        ),
    ),
    Proof(
        "sessions end",
        (
            f"{SECURITY}::test_session_ends_when_it_lies_unused",
            f"{SECURITY}::test_session_ends_after_a_working_day_however_busy",
            "tests/regio/test_environment.py::test_sessions_last_as_long_as_the_machine_says",
        ),
    ),
    Proof(
        "no user enumeration",
        (
            f"{SIGNIN}::test_unknown_address_gets_the_same_answer_as_a_wrong_password",
            f"{SIGNIN}::test_an_unknown_address_closes_just_the_same",
            f"{SIGNIN}::test_unknown_address_gets_the_same_answer_and_a_mail_too",
        ),
    ),
    Proof(
        "uploads limited in size and type, no formula out, no bomb in",
        (
            "tests/regio/test_tables.py::test_a_bad_file_gets_a_sentence",
            "tests/regio/test_tables.py::test_no_formula_goes_out",
            "tests/thuiszitters/test_inlezen.py::test_a_hundred_thousand_columns_or_a_bomb_do_not_bring_it_down",
        ),
    ),
    Proof("CSP without unsafe-* and inline", (f"{SECURITY}::test_every_answer_forbids_what_no_page_needs",)),
    Proof("HSTS", (f"{SECURITY}::test_https_is_asked_for_and_remembered",)),
    Proof("security.txt", (f"{SECURITY}::test_whom_to_tell_of_a_leak",)),
    Proof("cookies Secure, HttpOnly, SameSite", (f"{SECURITY}::test_cookies_stay_with_this_host_and_out_of_scripts",)),
    Proof("secrets from the environment only", ("tests/regio/test_environment.py",)),
    Proof(
        "no personal data in logs",
        (
            f"{SECURITY}::test_log_names_nobody",
            "tests/regio/test_mail.py::test_log_names_no_address",
            "tests/regio/test_outbox.py::test_every_mail_leaves_a_line_in_the_log_without_a_name",
        ),
    ),
    Proof(
        "a structured line for every sign-in, refusal, export, decision",
        (
            f"{SECURITY}::test_way_in_and_out_leave_a_line_each",
            f"{SECURITY}::test_wrong_regio_leaves_a_line_with_who_and_where",
            f"{SECURITY}::test_missing_right_leaves_a_line",
            f"{SECURITY}::test_decision_leaves_a_line_once_it_stands",
            f"{SECURITY}::test_line_is_one_json_object_with_its_time",
        ),
    ),
    Proof("manage.py check --deploy", (f"{SECURITY}::test_deployment_check_is_clean",)),
    Proof("dependencies audited", note="no list of known faults is asked"),
)


def prove(proofs: tuple[Proof, ...]) -> Iterator[Line]:
    """Run the tests of all `proofs` at once, and yield a line for each: how many of its tests do not pass."""
    results = read_results(run([test for proof in proofs for test in proof.tests]))
    for proof in proofs:
        failed = [has_failed for name, has_failed in results if belongs(name, proof.tests)]
        note = proof.note or f"of {len(failed)} tests"
        yield Line(proof.name, sum(failed) if failed else None, 0, "", note, proof.is_built)


def run(tests: list[str]) -> str:
    """Return pytest's own report of `tests`."""
    file = FOLDER / "proofs.xml"
    file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "--quiet", "-n", "2", f"--junitxml={file}", *tests]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return file.read_text()


def read_results(report: str) -> list[tuple[str, bool]]:
    """Return the dotted name of each test in pytest's report, and whether it did anything but pass."""
    cases = ET.fromstring(report).iter("testcase")
    return [(f"{case.get('classname')}.{case.get('name')}", len(case) > 0) for case in cases]


def belongs(name: str, tests: tuple[str, ...]) -> bool:
    dotted = [test.removesuffix(".py").replace(".py::", ".").replace("/", ".") for test in tests]
    return any(name == test or name.startswith((f"{test}.", f"{test}[")) for test in dotted)
