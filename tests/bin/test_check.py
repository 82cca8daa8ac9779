"""Every step of bin/check fails on a bad sample; a check that cannot fail is a defect."""

from pathlib import Path

import pytest

from tests.bin.conftest import KEY, Run

# The step, what is added to which file, and what the step says of it.
SAMPLES = (
    ("format", "regio/sample.py", "def  f( ):\n  return  1\n", "regio/sample.py:1:"),
    ("format", "templates/sample.html", "<ul>\n<li>een</li>\n</ul>\n", "templates/sample.html"),
    ("lint", "regio/sample.py", "from os import *\n", "F403"),
    ("templates", "templates/sample.html", '<p style="color: red">Rood</p>\n', "H021"),
    ("templates", "templates/sample.html", "<script>alert(1)</script>\n", "A001"),
    ("templates", "templates/sample.html", "<style>p { color: red }</style>\n", "A002"),
    ("templates", "templates/sample.html", '<p onclick="alert(1)">Rood</p>\n', "A003"),
    ("scripts", "bin/sample", "#!/bin/sh\nrm -r $1\n", "SC2086"),
    ("migrations", "agenda/models.py", "\n\nclass Sample(models.Model):\n    pass\n", "Create model Sample"),
    ("production", "regio/settings.py", "\nSECURE_HSTS_SECONDS = 0\n", "security.W004"),
)


@pytest.mark.parametrize(("step", "path", "content", "complaint"), SAMPLES)
def test_step_fails_on_a_bad_sample(step: str, path: str, content: str, complaint: str, run: Run, checkout: Path):
    with (checkout / path).open("a") as sample:
        sample.write(content)
    result = run("bin/check", step, SECRET_KEY=KEY)
    assert result.returncode == 1
    assert complaint in result.stdout
    assert f"1 of 1 steps failed: {step}" in result.stdout


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
