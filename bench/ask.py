"""Lets Django do one thing on the database of DATABASE_URL, and prints its answer as JSON.

.venv/bin/python -m bench.ask queries secretaris@regio-075.test /regio/regio-075/
"""

import json
import logging
import os
import sys

import django


def main(what: str, *arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.settings")
    django.setup()
    # The product's own lines would stand between the answer and who asked.
    logging.disable(logging.CRITICAL)
    from bench.inside import COMMANDS

    print(json.dumps(COMMANDS[what](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
