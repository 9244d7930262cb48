"""`citynet audit`: the ledger against the contracts, the chain read anew and its own rules."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from backend.cli.console import REFUSED, UNREACHABLE, Failure, err, out, say
from backend.cli.options import Rpc
from backend.settings import settings

if TYPE_CHECKING:
    from backend.settings import Settings


def audit(
    at_block: Annotated[int | None, typer.Option(min=0, help="Block to audit; the last one indexed.")] = None,
    rpc: Rpc = None,
) -> None:
    """Compare the database with the contracts, with the chain read anew, and with the ledger's rules.

    Prints what was compared and each difference by name. Exit code 0: there is none; 1: there is one or more;
    3: the node or the database cannot be reached. The node must still know the state at the block.

    Example:

      citynet audit
    """
    configured = settings().model_copy(update={"rpc_url": rpc} if rpc else {})
    checked, differences = examine(configured, at_block)
    table = Table("compared", "how many", box=None, pad_edge=False)
    for what, count in checked.items():
        table.add_row(what, str(count))
    out.print(table)
    for difference in differences:
        out.print(difference, markup=False)
    if differences:
        raise Failure(f"{len(differences)} differences", REFUSED)
    out.print("no difference")


def examine(configured: "Settings", at_block: int | None = None) -> tuple[dict[str, int], list[str]]:
    """Audits and shows the progress; how many of what were compared, and the differences in words."""
    from backend.audit import AuditError
    from backend.audit import audit as compare
    from backend.cli.storing import ready

    ready()

    checked: dict[str, int] = {}
    with err.status("Auditing …") as status:

        def progress(what: str, done: int, whole: int) -> None:
            if what not in checked and not err.is_terminal:
                say(f"auditing: {what} …")
            checked[what] = done
            status.update(f"Auditing: {what} {done}{f' of {whole}' if whole else ''}")

        try:
            differences = compare(configured, at_block, progress)
        except AuditError as error:
            raise Failure(str(error), UNREACHABLE) from error
    return checked, [str(difference) for difference in differences]
