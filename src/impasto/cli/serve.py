"""`impasto serve`: the studio, with its page, its API and its workers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from impasto.errors import SettingError

__all__ = ["serve"]

ACCESS, JOBS = "Access", "Jobs"
SHORT_TOKEN = 16


def serve(
    *,
    host: Annotated[
        str,
        typer.Option(
            metavar="HOST",
            help="Address to listen on; any but this machine's own needs IMPASTO_TOKEN.",
            rich_help_panel=ACCESS,
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=65535,
            help="Port to listen on; 0 for a free one.",
            rich_help_panel=ACCESS,
        ),
    ] = 8000,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Let pages of this site use the API, like https://example.org.",
            rich_help_panel=ACCESS,
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=64,
            help="How many jobs are painted at once.",
            rich_help_panel=JOBS,
        ),
    ] = 1,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where jobs and pictures are kept. [dim]\\[default: IMPASTO_DATA, else the user's "
            "data folder][/dim]",
            rich_help_panel=JOBS,
            show_default=False,
        ),
    ] = None,
    max_upload_mb: Annotated[
        float,
        typer.Option(
            metavar="MB",
            min=0.001,
            max=100_000,
            help="Refuse jobs whose pictures are larger together.",
            rich_help_panel=JOBS,
        ),
    ] = 32.0,
    max_queue: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="How many jobs may wait at once.", rich_help_panel=JOBS
        ),
    ] = 100,
    keep_days: Annotated[
        float,
        typer.Option(
            metavar="N",
            min=0,
            max=36_500,
            help="Days after which an ended job and its pictures are removed.",
            rich_help_panel=JOBS,
        ),
    ] = 30.0,
    no_page: Annotated[bool, typer.Option("--no-page", help="The API alone.")] = False,
) -> None:
    """Open the studio: a page to paint with, and an API for programs.

    A token in IMPASTO_TOKEN is asked of everybody; a browser wants it as the password of any
    user. SIGTERM or Ctrl-C stops the studio, and its jobs go on when it is started again.
    """
    from impasto.service.http.packages import require

    require("impasto serve", page=not no_page)
    from impasto.service.http.auth import is_loopback

    token = os.environ.get("IMPASTO_TOKEN") or None
    if token is None and not is_loopback(host):
        raise SettingError(
            f"host is {host}, which other machines can reach: set IMPASTO_TOKEN to a secret of "
            f"{SHORT_TOKEN} letters or more first, or leave --host out"
        )
    if token is not None and not (token.isascii() and token.isprintable()):
        raise SettingError("IMPASTO_TOKEN has letters no header can carry: take ASCII letters")
    from impasto.service.http.app import create_app
    from impasto.service.http.limits import Limits
    from impasto.service.http.serving import Server, bound, keeping, run, url_of
    from impasto.service.jobs.store import Store
    from impasto.service.jobs.supervisor import Supervisor

    with bound(host, port) as opened:
        store = Store(data=data)
        limits = Limits(max_upload_mb=max_upload_mb, max_queued=max_queue)
        app = create_app(
            store, token=token, limits=limits, page=not no_page, origins=allow_origin or ()
        )
        what = "the API" if no_page else "the studio"

        def tell() -> None:
            print(f"{what} is open at {url_of(opened)}  (Ctrl-C closes it)", flush=True)

        supervisor = Supervisor(store.folder.path, workers)
        with keeping(store, keep_days):
            run(Server(app, tell), opened, supervisor)
        store.close()
