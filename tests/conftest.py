"""What all tests share. The database is chosen by DATABASE_URL, see tests/settings.py and bin/test."""

import gc
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

# The same examples everywhere, so that a failure can be repeated; no deadline, because machines differ.
settings.register_profile("agendamonitor", deadline=None, derandomize=True, database=None)
settings.load_profile("agendamonitor")

BROWSER_TESTS = Path(__file__).parent / "browser"


# Thousands of tests, and all that is imported, stay until the end: to look through them for garbage over and over takes
# a twentieth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Run only the tests that use the database.")


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.path.is_relative_to(BROWSER_TESTS):
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the browser tests last: after Playwright's event loop Django refuses the database.

    The many short ones of test_accessible.py close the row, so that no worker waits for the other's long one.
    """
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
        items[:] = filter(uses_database, items)
    items.sort(key=lambda item: (item.path.is_relative_to(BROWSER_TESTS), item.path.name == "test_accessible.py"))


def uses_database(item: pytest.Item) -> bool:
    """Tell whether `item` asks for the database: by its mark, by a fixture, or as one of Django's own test cases.

    How a page is printed does not depend on the database that its data came from.
    """
    if item.get_closest_marker("printed"):
        return False
    fixtures = getattr(item, "fixturenames", ())
    asked = item.get_closest_marker("django_db") or {"db", "transactional_db", "django_db_setup"}.intersection(fixtures)
    return bool(asked) or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
