"""What holds for every template that we wrote."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FORM = re.compile(r"<form\b(?:{%.*?%}|{{.*?}}|[^>])*>", re.DOTALL)


def checking_forms(html: str) -> list[str]:
    """Return the forms that a browser checks itself: in its own words, one field at a time, and before we can."""
    return [form for form in FORM.findall(html) if not re.search(r"\snovalidate(?![\w-])", form)]


def test_no_form_outside_beheer_is_checked_by_the_browser():
    ours = [path for path in TEMPLATES.rglob("*.html") if "admin" not in path.relative_to(TEMPLATES).parts]
    found = {str(path.relative_to(TEMPLATES)): checking_forms(path.read_text()) for path in ours}
    assert {name: forms for name, forms in found.items() if forms} == {}


@pytest.mark.parametrize(
    "form",
    [
        '<form method="post">',
        '<form method="post"\n  action="{% if 2 > 1 %}/novalidate{% endif %}">',
        '<form class="novalidate" method="get">',
    ],
)
def test_form_that_the_browser_checks_is_found(form: str):
    assert checking_forms(f'<p>{form}</p><form {{% if a > b %}}class="x"{{% endif %}} novalidate>') == [form]
