"""The product's own settings, with what differs in a test: no .env, quick hashes, a folder of its own for files.

DATABASE_URL chooses the database; without it the tests run on SQLite, in a file as the product does: two threads that
share a database in memory do not wait for each other.
"""

import os
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "sqlite:///never-used.sqlite3")
os.environ |= {
    "ALLOWED_HOSTS": "testserver,127.0.0.1",
    "DEBUG": "false",
    "DEMO": "false",
    "EMAIL_URL": "memory://",
    # Asked of everybody it would stand before every page; tests/regio/test_signin.py turns it on.
    "SECOND_STEP": "false",
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "VAR_DIR": str(Path(__file__).parent.parent / "var" / "tests"),
}

from regio.settings import *  # noqa: F403

if "sqlite3" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A name of its own, so that two runs at once do not meet.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"tests-{os.getpid()}.sqlite3"}  # noqa: F405

# The test client speaks http.
SECURE_SSL_REDIRECT = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are testable without collectstatic; the browser tests use the collected, hashed files.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# WhiteNoise warns about a folder that does not exist.
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
