"""What the sign-in page of a trial machine shows, what everywhere else warns of it, and who must do more."""

from itertools import groupby
from typing import Any

from django import template

from regio.accounts import DEMO_PASSWORD, accounts_with_demo_password
from regio.middleware import lacks_second_step

register = template.Library()


@register.simple_tag
def demo_accounts() -> dict[str, Any]:
    """Return the demo's addresses by their domain, and the password that they share."""
    accounts = accounts_with_demo_password().order_by("is_superuser", "pk")
    groups = groupby(accounts.values_list("email", flat=True), _domain)
    return {"password": DEMO_PASSWORD, "groups": [(domain, list(addresses)) for domain, addresses in groups]}


def _domain(email: str) -> str:
    return email.partition("@")[2]


@register.simple_tag
def must_warn_of_demo_accounts(gebruiker: Any, *, is_trial: bool) -> bool:
    """Whether this beheerder must hear that accounts with a published password still work here."""
    return gebruiker.is_superuser and not is_trial and gebruiker.demo_accounts_work


@register.simple_tag(takes_context=True)
def must_set_up_second_step(context: Any) -> bool:
    return lacks_second_step(context["request"])
