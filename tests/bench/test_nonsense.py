"""Bad input from the generator of bin/bench: here some of it, and that each kind of fault is seen."""

import pytest
from django.http import HttpResponse

from bench import nonsense
from bench.nonsense import Attacker, Bad, attack, complaint
from regio.models import Regio
from tests.beheer import Wereld, make_public_wereld
from tests.worlds import once

built, west = once(lambda: make_public_wereld("west", 1))


def test_bad_input_is_refused_with_a_reason_and_changes_nothing(west: Wereld):
    found = attack(150, [west.secretaris, west.oogo_lid], pages=16)
    assert found["faults"] == []
    assert set(found["kinds"]) == {"address", "file", "form", "header"}


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (500, "<h1>Stuk</h1>", "answers 500"),
        (404, "", "answers 404 without a word"),
        (404, "<h1> Deze pagina bestaat niet</h1>", ""),
        (200, "<h1>Bewaard</h1>", "is not refused"),
        # That stood there already
        (200, '<p class="melding melding-warning">Teruggegeven.</p>', "is not refused"),
        (200, '<p class="melding melding-warning">Teruggegeven.</p><p role="alert">Dat kan niet.</p>', ""),
    ],
)
def test_what_is_not_refused_in_words_is_seen(status: int, content: str, expected: str):
    bad = Bad("form", "POST", "/", "naam", refusals=1)
    assert complaint(bad, HttpResponse(content, status=status)) == expected


def test_what_changes_something_is_seen_however_it_is_answered(west: Wereld, monkeypatch: pytest.MonkeyPatch):
    def change(attacker: Attacker, bad: Bad) -> HttpResponse:
        Regio.objects.filter(slug="west").update(naam=f"{bad.kind} {bad.path}")
        return HttpResponse("<h1>Deze pagina bestaat niet</h1>", status=404)

    monkeypatch.setattr(nonsense.Attacker, "send", change)
    (fault,) = attack(1, [west.secretaris], pages=2)["faults"]
    assert fault.startswith("changes something: secretaris@west.test")
