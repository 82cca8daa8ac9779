"""The budget that no machine changes: few queries a page, and as many for one regio as for a country."""

import pytest
from django.db import transaction

from bench.inside import count_queries
from bench.land import Size, generate
from bench.sections import PAGES, REGIO

MOST = 12
FIRST = "regio-001"

pytestmark = pytest.mark.django_db


def queries(size: Size) -> dict[str, int]:
    """Return how many queries each page of bin/bench takes in a land of `size`; nothing of it stays."""
    with transaction.atomic():
        generate(size)
        counts = {
            page.name: count_queries(page.who.replace(REGIO, FIRST), path)[path]
            for page in PAGES
            for path in [page.path.replace(REGIO, FIRST)]
        }
        transaction.set_rollback(True)
    return counts


def test_a_page_takes_few_queries_and_as_many_for_one_regio_as_for_many():
    one = queries(Size(regios=1, gemeenten=2, doelen=12, jaren=3, kwartalen=2))
    many = queries(Size(regios=6, gemeenten=18, doelen=30, jaren=5, kwartalen=4))
    assert {name: count for name, count in many.items() if count > MOST} == {}
    assert many == one
