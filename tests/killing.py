"""A machine that stops in the midst of an action, and what the database then holds."""

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection

WRITING = ("INSERT", "UPDATE", "DELETE")


def everything() -> dict[str, list]:
    """Return every row of the four apps: what must be the same before and after."""
    ours = ("regio", "agenda", "thuiszitters", "monitoring")
    models = (model for app in ours for model in apps.get_app_config(app).get_models())
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def outlives(action: Callable[[], Any], moments: int) -> bool:
    """Do `action` in a process that kills itself at its so-manieth moment; tell whether it lived to the end.

    A moment is just before something is written or committed: between two of those the database does not change.
    """
    connection.close()
    child = os.fork()
    if child == 0:
        _act(action, moments)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the action failed, and was not killed"
    return not os.WIFSIGNALED(status)


def _act(action: Callable[[], Any], moments: int) -> None:
    left = [moments]

    def pass_moment() -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    def execute(run: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.lstrip().startswith(WRITING):
            pass_moment()
        return run(sql, *args)

    commit = connection.commit

    def passing_commit() -> None:
        pass_moment()
        commit()

    connection.commit = passing_commit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(execute):
            action()
        connection.close()
    except BaseException:  # noqa: BLE001 - the process of the tests is not to live twice
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
