"""What holds for all that is painted on a cluster: workers on CPUs, with a fixed number of threads.

Bytes depend on both, so they are settled here, before anything is sent.
"""

from __future__ import annotations

from impasto.errors import SettingError
from impasto.settings import StyleSettings
from impasto.workflows.executors.opening import check_address

__all__ = ["THREADS", "settings_of_workers"]

THREADS = 1
"""Of a worker of a cluster, unless its painting asks for more."""


def settings_of_workers(settings: StyleSettings, cluster: str, jobs: int = 1) -> StyleSettings:
    """Settings as every worker of a cluster gets them.

    Args:
        settings: all of them.
        cluster: as `executors.open` takes it.
        jobs: of this machine, as they were asked for.

    Raises:
        SettingError: no address of a cluster, another device than its CPUs, or jobs beside it.

    Example:
        >>> own = settings_of_workers(StyleSettings(), "local:2")
        >>> own.device, own.threads
        ('cpu', 1)
    """
    check_address(cluster)
    if jobs > 1:
        raise SettingError(
            f"jobs is {jobs} and the cluster {cluster}, which has its own number of workers: leave "
            "one of them out"
        )
    if settings.device not in ("auto", "cpu"):
        raise SettingError(
            f"device is {settings.device}, and clusters paint on CPUs: leave device or cluster out"
        )
    return settings.model_copy(update={"device": "cpu", "threads": settings.threads or THREADS})
