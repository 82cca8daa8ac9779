"""The production server: read by `gunicorn regio.wsgi`, in bin/start and elsewhere."""

import contextlib
import ctypes
import gc
import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
# Threads read while one waits for the database; a second process keeps pages coming while a PDF is made.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 3
# The code is read once and shared by the workers.
preload_app = True
# Longer than the largest import file may take.
timeout = 120
# Comings and goings of workers interest nobody; refusals, sign-ins and errors are logged by the product.
loglevel = "warning"
# It would listen in the home folder of whoever starts the server; nobody uses it.
control_socket_disable = True

# By itself glibc gives every thread a heap, and each keeps what its thread once needed: 15 MB a worker. Other C
# libraries have no such number (M_ARENA_MAX of malloc.h) and no such heaps.
with contextlib.suppress(AttributeError):
    ctypes.CDLL(None).mallopt(-8, 1)


def when_ready(server):
    """Say where it listens, for the person and the script that wait for it."""
    print(f"Agendamonitor is ready: http://{bind} (Ctrl-C stops it)", flush=True)  # noqa: T201


def post_fork(server, worker):
    """Look for garbage once in 50,000 new objects and not in 700: making a PDF spends a sixth of its time on it.

    What the workers share is none, and to look through that too keeps everybody waiting.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
