"""How the tables came about, one small named step after the other.

A step that has been released is never changed: what comes after it is a new one.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import MissingPackageError, OutputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["migrate"]

_ONE_AT_A_TIME = threading.Lock()  # alembic keeps what it works on in a global


def migrate(connection: Connection) -> None:
    """Bring a database up to the newest step, in the transaction that is open.

    Args:
        connection: nobody else may be migrating at the same time.

    Raises:
        OutputError: a newer impasto has been here.
    """
    try:
        from alembic.config import Config
        from alembic.runtime.environment import EnvironmentContext
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError
    except ImportError:
        raise MissingPackageError("the job store", "alembic", "web") from None

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    steps = ScriptDirectory.from_config(config)

    def newest(revision: Any, _context: Any) -> Any:
        return steps._upgrade_revs("head", revision)

    with _ONE_AT_A_TIME, EnvironmentContext(config, steps, fn=newest) as environment:
        environment.configure(connection=connection)
        try:
            environment.run_migrations()
        except CommandError as error:
            raise OutputError(
                f"the job database was written by a newer impasto ({error}): install that one, "
                "or choose another --data"
            ) from None
