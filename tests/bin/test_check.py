"""Every step of bin/check fails on a bad sample; a check that cannot fail is a defect."""

from pathlib import Path

from tests.bin.conftest import KEY, Run

# What is added to which file, and what which step says of it.
SAMPLES = (
    ("format", "regio/sample.py", "def  f( ):\n  return  1\n", "regio/sample.py:1:"),
    ("lint", "agenda/sample.py", "from os import *\n", "F403"),
    ("templates", "templates/colour.html", '<p style="color: red">Rood</p>\n', "H021"),
    ("templates", "templates/script.html", "<script>alert(1)</script>\n", "A001"),
    ("templates", "templates/style.html", "<style>p { color: red }</style>\n", "A002"),
    ("templates", "templates/click.html", '<p onclick="alert(1)">Rood</p>\n', "A003"),
    ("scripts", "bin/sample", "#!/bin/sh\nrm -r $1\n", "SC2086"),
    ("migrations", "agenda/models.py", "\n\nclass Sample(models.Model):\n    pass\n", "Create model Sample"),
    ("production", "regio/settings.py", "\nSECURE_HSTS_SECONDS = 0\n", "security.W004"),
)
STEPS = list(dict.fromkeys(step for step, *_ in SAMPLES))


def add(checkout: Path, path: str, content: str) -> None:
    with (checkout / path).open("a") as sample:
        sample.write(content)


def test_every_step_fails_on_its_bad_samples(run: Run, checkout: Path):
    for _, path, content, _ in SAMPLES:
        add(checkout, path, content)
    result = run("bin/check", *STEPS, SECRET_KEY=KEY)
    assert result.returncode == 1
    said = dict(part.split("\n", maxsplit=1) for part in result.stdout.split("FAILED  ")[1:])
    assert list(said) == STEPS
    for step, _, _, complaint in SAMPLES:
        assert complaint in said[step]
    assert f"{len(STEPS)} of {len(STEPS)} steps failed: {' '.join(STEPS)}" in result.stdout


def test_format_fails_on_a_template_alone(run: Run, checkout: Path):
    add(checkout, "templates/sample.html", "<ul>\n<li>een</li>\n</ul>\n")
    result = run("bin/check", "format", SECRET_KEY=KEY)
    assert result.returncode == 1
    assert "templates/sample.html" in result.stdout


def test_types_fail_on_a_bad_sample(run: Run, checkout: Path):
    (checkout / "sample.py").write_text("def double(number: int) -> str:\n    return number\n")
    result = run(".venv/bin/mypy", "sample.py")
    assert result.returncode == 1
    assert "Incompatible return value type" in result.stdout


def test_step_that_passes_says_so(run: Run):
    result = run("bin/check", "scripts", SECRET_KEY=KEY)
    assert result.returncode == 0
    assert "all 1 steps passed" in result.stdout


def test_refuses_an_unknown_step(run: Run):
    result = run("bin/check", "taste", SECRET_KEY=KEY)
    assert result.returncode == 2
    assert "no step is called 'taste'" in result.stdout
