"""What all tests share. The database is chosen by DATABASE_URL, see tests/settings.py and bin/test."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples everywhere, so that a failure can be repeated; no deadline, because machines differ.
settings.register_profile("agendamonitor", deadline=None, derandomize=True, database=None)
settings.load_profile("agendamonitor")

BROWSER_TESTS = Path(__file__).parent / "browser"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests and put them last: after Playwright's event loop Django refuses the database."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(BROWSER_TESTS))
