"""What the tests of the reports share."""

import pytest


@pytest.fixture
def plain_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF in no time, that holds what it is made of: of the same come the same bytes (tests/regio/test_pdf.py)."""

    def write(html: str, **options: object) -> bytes:
        return f"%PDF-{html}{options}".encode()

    monkeypatch.setattr("monitoring.publication.render_pdf", write)
