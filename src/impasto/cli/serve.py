"""`impasto serve`: the studio, with its page, its API and its workers."""

from __future__ import annotations

from typing import Any

from impasto.cli.options import with_server_options

__all__ = ["serve"]


@with_server_options
def serve(*, options: dict[str, Any]) -> None:
    """Open the studio: a page to paint with, and an API for programs.

    Where IMPASTO_TOKEN holds a token, everybody has to give it; a browser asks for it as the
    password, of any user name. SIGTERM or Ctrl-C stops the studio, and its jobs continue when it
    is started again.
    """
    from impasto.service.http import require

    require("impasto serve", page=not options.get("no_page"))
    from impasto.service.server_settings import ServerSettings

    settings = ServerSettings(**options)
    from impasto.service.http.app import create_app
    from impasto.service.http.serving import Server, bound, keeping, run, url_of
    from impasto.service.http.state import Limits
    from impasto.service.jobs.store import Store
    from impasto.service.jobs.supervisor import Supervisor
    from impasto.service.try_on.process import TryOn

    with bound(settings.host, settings.port) as opened:
        store = Store(settings.database_url, settings.data)
        clip = settings.clip_model()
        try_on = None if settings.no_try_on else TryOn(clip=clip)
        app = create_app(
            store,
            token=settings.token,
            limits=Limits.of(settings),
            page=not settings.no_page,
            origins=settings.allow_origin,
            try_on=try_on,
            reader=settings.reader(),
            guides=clip is not None,
        )
        what = "the API" if settings.no_page else "the studio"

        def tell() -> None:
            print(f"{what} is open at {url_of(opened)}  (Ctrl-C closes it)", flush=True)

        supervisor = Supervisor(
            store.folder.path, settings.workers, cluster=settings.cluster, clip=clip
        )
        with keeping(store, settings.keep_days):
            run(Server(app, tell), opened, supervisor, try_on)
        store.close()
