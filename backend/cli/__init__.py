"""The `citynet` command. Commands import what they need when they run, so that `--help` is quick."""

import sys
from typing import Annotated

import typer

from backend.cli import cities, content, projects, run
from backend.cli.audit import audit
from backend.cli.award import award
from backend.cli.console import BROKEN, INTERRUPTED, UNREACHABLE, USAGE, Failure, say
from backend.cli.demo import demo
from backend.cli.deploy import deploy
from backend.cli.relay import relay

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="CityNet ledger: merits earned and redeemed on chain, indexed, served, audited.",
    epilog="Settings come from the environment (CITYNET_…) or a file .env; exit codes: docs/cli.md.",
)
_debug = False


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,
) -> None:
    global _debug
    _debug = debug


app.command()(demo)
app.command()(deploy)
app.command()(run.index)
app.command()(run.serve)
app.command()(relay)
app.add_typer(cities.app, name="cities")
app.add_typer(projects.app, name="projects")
app.command()(award)
app.command()(audit)
app.add_typer(content.app, name="content")


def main() -> None:
    """Runs the command; every error is one line and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        if _debug:
            raise
        line, code = explain(error)
        say(f"citynet: {line}")
        sys.exit(code)


def explain(error: Exception) -> tuple[str, int]:
    """One line for an error, and the exit code."""
    if isinstance(error, Failure):
        return str(error), error.code
    if isinstance(error, ImportError):
        return f"a package is missing ({error.name}): run 'make install' again", UNREACHABLE
    for kind, code in _known():
        if isinstance(error, kind):
            return str(error), code
    line = " ".join(str(error).split())
    return f"unexpected {type(error).__name__}: {line} ('citynet --debug …' shows more)", BROKEN


def _known() -> list[tuple[type[Exception], int]]:
    import psycopg
    from pydantic import ValidationError

    from backend.auth.secret import SecretError
    from backend.chain.contract import Reverted
    from backend.chain.deployment import DeploymentError
    from backend.chain.rpc import RpcError
    from backend.chain.send import SendError
    from backend.db import DatabaseError
    from backend.demo.folder import FolderError
    from backend.demo.node import NodeError
    from backend.demo.processes import Died
    from backend.errors import Problem
    from backend.kit.table import BadFile

    return [
        (BadFile, USAGE),
        (ValidationError, USAGE),
        (Reverted, 1),
        (SendError, 1),
        (Problem, 1),
        (DeploymentError, UNREACHABLE),
        (DatabaseError, UNREACHABLE),
        (SecretError, UNREACHABLE),
        (RpcError, UNREACHABLE),
        (psycopg.OperationalError, UNREACHABLE),
        (FolderError, UNREACHABLE),
        (NodeError, UNREACHABLE),
        (Died, UNREACHABLE),
    ]
