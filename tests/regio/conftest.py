"""What the tests of the ground floor share."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from regio.audit import logger


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.raw.append(record.getMessage())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(json.loads, self.raw)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return json.loads(self.raw[index])

    def __len__(self) -> int:
        return len(self.raw)


@pytest.fixture
def audit_lines() -> Iterator[Lines]:
    """Return what is written to the log for security from now on, as data; `.raw` holds the lines themselves."""
    lines = Lines()
    logger.addHandler(lines)
    yield lines
    logger.removeHandler(lines)
