"""`citynet content`: what is stored by its hash."""

from typing import Annotated

import typer

from backend.cli.console import REFUSED, USAGE, Failure, out

app = typer.Typer(no_args_is_help=True, help="Documents stored by their hash.")


@app.callback()
def options() -> None:
    """Documents stored by their hash."""


@app.command()
def erase(
    hash_: Annotated[str, typer.Argument(metavar="HASH", help="0x and 64 digits.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Why; it is kept and shown.", show_default=False)],
) -> None:
    """Erase a document that holds personal data, for good. Its hash stays, with the reason and the time.

    Example:

      citynet content erase 0x9c22…b658 --reason "request of the person, letter 17 of 3 May"
    """
    from backend.cli.storing import run
    from backend.content import service
    from backend.kit.types import parse_hash

    try:
        digest = parse_hash(hash_)
    except ValueError as error:
        raise Failure(f"HASH: {error}", USAGE) from None
    if not reason.strip():
        raise Failure("--reason is empty: say why", USAGE)
    if not run(lambda conn: service.erase(conn, digest, reason)):
        raise Failure("there is no such document, or it is erased already", REFUSED)
    out.print(f"erased: {hash_}")
