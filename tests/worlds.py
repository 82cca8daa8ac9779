"""A world that is built once for a module; each test begins from it as it was, whatever the test before did."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction


def once(
    build: Callable[..., Any], *, at: str | date | None = None, states: list[str] | None = None
) -> tuple[Any, Any]:
    """Return two fixtures, to be named `built` and `world`: what `build` makes at the hour `at`, and a copy of it.

    With `states` each test runs in every one of them, and each is built once.

    The rows are made in a transaction around those of the tests, as Django does for `setUpTestData`; so not for a
    module whose tests use real transactions.
    """

    @pytest.fixture(scope="module", params=states)
    def built(request, django_db_setup, django_db_blocker):
        around = transaction.atomic()
        with django_db_blocker.unblock():
            around.__enter__()
        try:
            with django_db_blocker.unblock(), _stopped_clock(at):
                made = build(request.param) if states else build()
            yield made
        finally:
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                around.__exit__(None, None, None)

    @pytest.fixture
    def world(built, db):
        return deepcopy(built)

    return built, world


def _stopped_clock(at: str | date | None) -> AbstractContextManager[Any]:
    return time_machine.travel(at, tick=False) if at else nullcontext()
