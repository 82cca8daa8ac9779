"""A view holds no object that it did not fetch within the reader's scope (docs/adr/0002)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
VIEWS = sorted([*ROOT.glob("*/views.py"), *ROOT.glob("*/views/*.py")])

MANAGERS = {"objects", "history", "_default_manager", "_base_manager"}
SCOPED = {"visible_to", "editable_by", "fetch_for", "none"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
TYPED_IN = {"GET", "POST", "FILES", "body", "headers", "META", "COOKIES", "cleaned_data"}
# What may stand for an object that somebody fetched before; everything else in a signature came from an address.
FROM_AN_ADDRESS = {"str", "int", "date", "str | None", "int | None", ""}


def unscoped_lookups(source: str) -> list[str]:
    """Return every lookup in `source` that starts at all objects and is led by nothing but what a visitor typed."""
    tree = ast.parse(source)
    found = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in SHORTCUTS]
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            typed = typed_names(function)
            found += [ast.unparse(chain) for chain in chains(function) if not is_scoped(chain, typed)]
    return found


def typed_names(function: ast.FunctionDef) -> set[str]:
    """Return the names in `function` that hold what a visitor typed: in the address, or taken from the request."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    typed = {
        argument.arg
        for argument in arguments
        if argument.arg != "request"
        and (ast.unparse(argument.annotation) if argument.annotation else "") in FROM_AN_ADDRESS
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and is_typed(node.value, typed):
            typed |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return typed


def is_typed(value: ast.expr, typed: set[str]) -> bool:
    """Tell whether `value` is made of what was typed, and was not fetched with it."""
    if isinstance(value, ast.Call) and any(fetches(part) for part in ast.walk(value)):
        return False
    compared = {id(part) for node in ast.walk(value) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    return any(
        (isinstance(part, ast.Attribute) and part.attr in TYPED_IN) or (isinstance(part, ast.Name) and part.id in typed)
        for part in ast.walk(value)
        # To choose among what one holds by what was typed makes nothing typed of it.
        if id(part) not in compared
    )


def fetches(node: ast.AST) -> bool:
    """Tell whether `node` is a call that fetches within the scope, by its QuerySet or by a function named fetch_…"""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in SCOPED
    return isinstance(node.func, ast.Name) and node.func.id.startswith("fetch_")


def chains(function: ast.FunctionDef) -> list[ast.expr]:
    """Return each whole expression `Model.objects.a().b()` in `function`, not its parts."""
    inner: set[int] = set()
    whole: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call | ast.Attribute) and id(node) not in inner and starts_at_a_manager(node):
            whole.append(node)
            part: ast.AST = node
            while isinstance(part, ast.Call | ast.Attribute):
                inner.add(id(part))
                part = part.func if isinstance(part, ast.Call) else part.value
    return whole


def starts_at_a_manager(node: ast.AST) -> bool:
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and isinstance(node.value, ast.Name):
            return node.value.id[0].isupper()
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def is_scoped(chain: ast.expr, typed: set[str]) -> bool:
    """Tell whether one of the calls in `chain` takes the reader into account, or an object that was fetched before."""
    part: ast.AST = chain
    while isinstance(part, ast.Call | ast.Attribute):
        if isinstance(part, ast.Call):
            if isinstance(part.func, ast.Attribute) and part.func.attr in SCOPED:
                return True
            if any(is_fetched(value, typed) for value in (*part.args, *(keyword.value for keyword in part.keywords))):
                return True
        part = part.func if isinstance(part, ast.Call) else part.value
    return False


def is_fetched(value: ast.expr, typed: set[str]) -> bool:
    """Tell whether `value` is an object, or a part of one, that the view holds already."""
    root = value
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id != "request" and not is_typed(value, typed) and root.id.islower()


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_view_fetches_within_the_scope(path: Path):
    assert unscoped_lookups(path.read_text()) == []


def test_there_are_views_to_look_at():
    assert len(VIEWS) >= 3


BAD = [
    "Agenda.objects.get(slug=slug)",
    "Agenda.objects.all()",
    "Agenda.objects.order_by('slug').first()",
    "Agenda.objects.filter(regio__slug=slug, slug=agenda)",
    "Agenda.objects.filter(slug=request.GET['slug'])",
    "Agenda.objects.select_related('regio').get(pk=pk)",
    "Agenda._default_manager.all()",
    "Agenda.history.filter(slug=slug)",
    "get_object_or_404(Agenda, slug=slug)",
    "list(Agenda.objects.filter(slug=slug))",
    "Agenda.objects.filter(slug=name)",
    "Agenda.objects.count",
]
GOOD = [
    "Agenda.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)",
    "Agenda.objects.select_related('regio').fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)",
    "Agenda.objects.visible_to(request.user).filter(slug=slug)",
    "Agenda.objects.editable_by(request.user).order_by('slug')",
    "Doel.objects.filter(agenda=found, code=slug)",
    "Doel.objects.filter(schaal=found.schaal_id)",
    "Agenda.objects.current_of(found.regio, today)",
    "found.doel_set.get(code=slug)",
    "Doel.objects.filter(agenda=fetched)",
    "Doel.objects.filter(agenda=chosen)",
]
VIEW = """
def view(request, slug: str, agenda: str, pk: int):
    name = request.POST["name"]
    fetched = fetch_agenda(request, slug, agenda)
    chosen = next(one for one in fetched.siblings if one.slug == slug)
    found = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    return {}
"""


@pytest.mark.parametrize("lookup", BAD)
def test_lookup_outside_the_scope_is_found(lookup: str):
    assert len(unscoped_lookups(VIEW.format(lookup))) == 1


@pytest.mark.parametrize("lookup", GOOD)
def test_lookup_within_the_scope_passes(lookup: str):
    assert unscoped_lookups(VIEW.format(lookup)) == []
