"""`impasto backbone`: the networks there are, where their weights lie, and fetching them."""

from __future__ import annotations

from typing import Annotated

import typer

from impasto.cli.commands import Commands, commands
from impasto.cli.options import quiet_option, verbosity_of

__all__ = ["app", "former"]

app = commands("List the backbones, or fetch the weights of one.")
# Of 0.1.0: `impasto backbones` alone lists them.
former = typer.Typer(cls=Commands, hidden=True)


@former.callback(invoke_without_command=True)
def backbones(context: typer.Context) -> None:
    """List the backbones; `impasto backbone list` is the name of today."""
    if context.invoked_subcommand is None:
        show_all()


@app.command("list")
def show_all() -> None:
    """List the backbones: where their weights are, size, licence and origin."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from impasto.networks.features import find
    from impasto.settings import registry

    console = Console()
    for backbone in map(find, registry.names(registry.EXTRACTORS)):
        table = Table(show_header=False, box=None, padding=(0, 2))
        for label, text in backbone.facts().items():
            table.add_row(label, escape(text))
        console.print(f"[bold]{backbone.name}[/bold]", highlight=False)
        console.print(table)
        console.print()


@former.command()
@app.command()
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Which backbone.", show_default=False)
    ],
    quiet: Annotated[bool, quiet_option()] = False,
) -> None:
    """Download the weights of a backbone, or say where they already are."""
    from impasto.cli.progress import FetchProgress
    from impasto.networks import weights
    from impasto.networks.features import find

    supply: weights.Supply | None = getattr(find(name), "supply", None)
    if supply is None:
        print(f"{name} comes with a package of its own: there is nothing to fetch")
        return
    wanted = supply.published.filename if supply.published else name
    with FetchProgress(wanted, verbosity_of(quiet)) as on_progress:
        path = supply.fetch(on_progress=on_progress)
    print(path)
