"""Measure gas of every action against its floor and its bar: `make gas`.

Starts a chain of its own, prints the table and writes it to docs/gas.md with the slots of each action. Ends
with 1 where an action misses its bar, or touches other slots than are listed for it.
"""

import re
import sys

from backend.chain.contract import Reverted
from scripts.gasreport import (
    campaigns,
    cities,
    forms,
    funds_holdings,
    funds_partners,
    funds_waterfall,
    implementation,
    matching,
    merits,
    projects,
    rewards,
)
from scripts.gasreport.chain import ROOT, Chain, Failed
from scripts.gasreport.floor import PRICES, Touch
from scripts.gasreport.table import MOST, Row, Table
from scripts.gasreport.world import World

DOCUMENT = ROOT / "docs" / "gas.md"
BEGIN, END = "<!-- written by `make gas` -->", "<!-- to here -->"
CONTRACTS = (
    *(cities, merits, rewards, projects, campaigns, forms, matching, implementation),
    *(funds_partners, funds_holdings, funds_waterfall),
)
WORDS = {
    "read": "read",
    "new": "from zero",
    "change": "changed",
    "clear": "cleared",
    "passing": "from zero and back",
    "account": "contract",
    "signature": "signature",
    "clone": "clone made",
}


def measure() -> list[Row]:
    with Chain() as chain:
        world, table = World(chain), Table(chain)
        for contract in CONTRACTS:
            contract.measure(world, table)
    return table.rows


def printed(rows: list[Row]) -> str:
    width = max(len(row.action) for row in rows)
    lines = [f"{'action':{width}} {'gas':>9} {'floor':>9} {'ratio':>6} {'bar':>9}"]
    for row in rows:
        bar = f"{row.bar:,}" if row.bar else ""
        missed = "" if row.holds else "  MISSED"
        lines.append(f"{row.action:{width}} {row.gas:9,} {row.floor:9,} {row.ratio:6.3f} {bar:>9}{missed}")
    return "\n".join(lines)


def written(rows: list[Row]) -> str:
    lines: list[str] = []
    for contract in dict.fromkeys(row.contract for row in rows):
        of_it = [row for row in rows if row.contract == contract]
        lines += [
            f"### {contract}",
            "",
            "| action | gas | floor | ratio | bar |",
            "| --- | --: | --: | --: | --: |",
        ]
        for row in of_it:
            bar = f"{row.bar:,}" if row.bar else ""
            lines.append(f"| {row.action} | {row.gas:,} | {row.floor:,} | {row.ratio:.3f} | {bar} |")
        lines += ["", "<details><summary>What each cannot avoid</summary>", ""]
        lines += [f"- **{row.action}**: {shown(row)}" for row in of_it]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def shown(row: Row) -> str:
    return ", ".join(_touch(touch) for touch in row.touches)


def _touch(touch: Touch) -> str:
    times = f"{touch.times} × " if touch.times > 1 else ""
    return f"{times}{touch.what} ({WORDS[touch.price]}, {PRICES[touch.price]:,})"


def main() -> int:
    try:
        rows = measure()
    except (Failed, Reverted) as error:
        print(error, file=sys.stderr)
        return 1
    print(printed(rows))
    table = f"{BEGIN}\n\n{written(rows)}\n{END}"
    DOCUMENT.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: table, DOCUMENT.read_text(), flags=re.DOTALL))
    missed = [row.action for row in rows if not row.holds]
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
        return 1
    print(f"{len(rows)} actions, all within {MOST - 1:.0%} of their floor; see docs/gas.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
