"""Two people who save one page of Beheer at the very same moment (domein.md, rule 9)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agenda.models import Doel
from regio.permissions import Rol
from tests.beheer import sent_by
from tests.factories import make_agenda, make_doel, make_gebruiker, make_regio

PEOPLE = ("anna", "bram")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_very_same_moment_one_saves_and_the_other_is_told():
    regio = make_regio()
    doel = make_doel(make_agenda(regio), "A1")
    clients = {name: Client() for name in PEOPLE}
    for name, client in clients.items():
        client.force_login(make_gebruiker(f"{name}@example.test", Rol.SECRETARIS, regio))
    url = reverse("admin:agenda_doel_change", args=[doel.pk])

    for number in range(5):
        opened = {name: sent_by(client.get(url)) for name, client in clients.items()}
        start = Barrier(2)

        def save(name: str, number: int = number, opened: Any = opened, start: Barrier = start) -> int:
            try:
                start.wait()
                return clients[name].post(url, opened[name] | {"plan": f"Plan {number} van {name}"}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(save, PEOPLE)) == [200, 302]
        assert Doel.history.filter(plan__startswith=f"Plan {number} van").count() == 1
