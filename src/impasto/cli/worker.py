"""`impasto worker`: paint the jobs of a data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["worker"]


def worker(
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Data folder with the jobs. [dim]\\[default: IMPASTO_DATA, else the user's data "
            "folder][/dim]",
            show_default=False,
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(
            metavar="DEVICE",
            help="Where to paint: auto (CUDA, then MPS, then CPU), cpu, cuda, cuda:N or mps.",
        ),
    ] = "auto",
    threads: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=1024,
            help="CPU threads of each painting, at most. [dim]\\[default: torch's choice][/dim]",
            show_default=False,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Hand pictures to a worker of a cluster: HOST:PORT of a Ray cluster that this "
            "machine has joined, or local:N. [dim]\\[default: IMPASTO_CLUSTER][/dim]",
            show_default=False,
        ),
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|MODEL",
            help="CLIP model by which words guide paintings: a folder, or OWNER/MODEL of the "
            "Hugging Face hub. [dim]\\[default: IMPASTO_CLIP][/dim]",
            show_default=False,
        ),
    ] = None,
    nice: Annotated[
        int, typer.Option(metavar="N", min=0, max=19, help="Give way to other programs: 0 to 19.")
    ] = 0,
    number: Annotated[int, typer.Option(min=0, hidden=True)] = 0,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Paint the jobs of `impasto serve`, which starts workers of its own.

    More may be started by hand, one for each device. Where the jobs are kept in PostgreSQL,
    IMPASTO_DATABASE_URL says so. SIGTERM or Ctrl-C ends a worker after its current step, and
    another continues its job from there.
    """
    from impasto.service.jobs.store import Store
    from impasto.service.server_settings import StoreSettings

    if nice and hasattr(os, "nice"):
        os.nice(nice)
    settings = StoreSettings(data=data, cluster=cluster, clip=clip)
    store = Store(settings.database_url, settings.data)
    from impasto.service.jobs.worker import device_of, work

    fit = work(
        store,
        f"worker {number + 1}",
        device=device_of(device, number),
        threads=threads,
        parent_pid=parent,
        cluster=settings.cluster,
        clip=settings.clip_model(),
    )
    store.close()
    raise typer.Exit(0 if fit else 1)
