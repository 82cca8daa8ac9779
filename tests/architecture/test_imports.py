"""Imports run one way: regio ← agenda ← monitoring and regio ← thuiszitters ← monitoring (docs/adr/0004)."""

import sys
from pathlib import Path

import grimp
import pytest

LAYERS = ("monitoring", ("agenda", "thuiszitters"), "regio")


def wrong_imports(prefix: str = "") -> set[str]:
    """Return every import against the direction, as "importer → imported"."""
    top, (left, right), bottom = LAYERS
    packages = [f"{prefix}{name}" for name in (top, left, right, bottom)]
    graph = grimp.build_graph(*packages, cache_dir=None)
    layers = (f"{prefix}{top}", grimp.Layer(f"{prefix}{left}", f"{prefix}{right}"), f"{prefix}{bottom}")
    return {
        f"{dependency.importer} → {dependency.imported}"
        for dependency in graph.find_illegal_dependencies_for_layers(layers)
    }


def test_imports_run_one_way():
    assert wrong_imports() == set()


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("regio", "agenda"),
        ("regio", "thuiszitters"),
        ("regio", "monitoring"),
        ("agenda", "monitoring"),
        ("thuiszitters", "monitoring"),
        ("agenda", "thuiszitters"),
        ("thuiszitters", "agenda"),
    ],
)
def test_import_against_the_direction_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, importer: str, imported: str
):
    for name in ("monitoring", "agenda", "thuiszitters", "regio"):
        (tmp_path / f"sample_{name}").mkdir()
        (tmp_path / f"sample_{name}" / "__init__.py").touch()
        (tmp_path / f"sample_{name}" / "models.py").touch()
    # Within a function too: that hides it from a reader, not from the graph.
    (tmp_path / f"sample_{importer}" / "models.py").write_text(
        f"def later():\n    from sample_{imported} import models\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert wrong_imports("sample_") == {f"sample_{importer} → sample_{imported}"}
    for name in [module for module in sys.modules if module.startswith("sample_")]:
        monkeypatch.delitem(sys.modules, name)
