"""A change in nobody's name is an error."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from regio.audit import sign
from regio.models import Gebruiker, Regio

pytestmark = pytest.mark.django_db


def test_the_history_names_who_signed():
    gebruiker = Gebruiker.objects.create_user("secretaris@example.nl", naam="Secretaris")
    regio = Regio(slug="proef", naam="Proef")

    sign(regio, gebruiker)
    regio.save()

    assert regio.history.get().history_user == gebruiker


def test_a_visitor_cannot_sign():
    visitor: Any = AnonymousUser()

    with pytest.raises(TypeError, match="must be signed in"):
        sign(Regio(slug="proef", naam="Proef"), visitor)
