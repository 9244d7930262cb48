"""What an audit asks about partners: what they committed, owe and can claim, to the base unit. The rules
stand in words in `docs/invariants.md`.
"""

from functools import cache
from typing import Any

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.funds import partners
from backend.funds.fund_derived import FUND, FUND_SUM
from backend.kit.checks import Confirm, Query, Rule
from backend.kit.moment import Moment


@cache
def _kind() -> Contract:
    return Contract("FundAvatar", None, abi("IFundAvatar"))


def _partner(function: str, values: tuple[str, ...], query: Query, **more: Any) -> Confirm:
    """A view of each fund about each of its partners."""
    return Confirm(
        "partner", "FundAvatar", function, ("fund", "partner"), values, query, each=lambda a: _kind().at(a),
        **more,
    )  # fmt: skip


def _standing(columns: str) -> Query:
    return lambda m: f"SELECT contract, partner, {columns} FROM {partners.standing(m)} p"


CONFIRMS = (
    _partner(
        "partnerOf",
        ("commitment", "paid", "units", "admitted", "defaulted", "locked_until"),
        _standing("commitment, paid, units, admitted, defaulted_at IS NOT NULL, locked_until"),
    ),
    _partner("dueOf", ("due", "late"), _standing("due, late")),
    _partner("claimableOf", ("claimable",), _standing("claimable")),
    _partner("balanceOf", ("units",), _standing("units")),
)


def _broken(name: str, left: str, right: str, columns: tuple[str, str], condition: str) -> Rule:
    """A rule about the sums `s` of each fund and those of its partners `p`."""
    return Rule(
        name, ("fund",), left, right,
        lambda m: f"""
            SELECT f.contract, {columns[0]}, {columns[1]} FROM {m.of(FUND)} f
            JOIN {m.of(FUND_SUM)} s USING (contract) JOIN ({_sums(m)}) p USING (contract) WHERE {condition}
        """,
    )  # fmt: skip


def _sums(moment: Moment) -> str:
    names = ("commitment", "paid", "units", "claimed", "credited", "claimable")
    sums = ", ".join(f"sum({name}) AS {name}" for name in names)
    least = "min(least(due, late, claimable, units)) AS least"
    return f"SELECT contract, {sums}, {least} FROM {partners.standing(moment)} x GROUP BY contract"


def _equal(name: str, partner: str, fund: str) -> Rule:
    return _broken(
        name, "all partners", "the fund", (f"p.{partner}", f"s.{fund}"), f"p.{partner} <> s.{fund}"
    )


RULES = (
    _equal("what partners committed is what is committed", "commitment", "committed"),
    _equal("what partners paid is what was contributed", "paid", "contributed"),
    _equal("partners hold all units", "units", "units"),
    _equal("partners claimed what was claimed", "claimed", "claimed"),
    _broken(
        "partners are credited no more than was distributed", "all partners", "the fund",
        ("p.credited", "s.to_partners + s.premiums"), "p.credited > s.to_partners + s.premiums",
    ),
    _broken("nobody has less than nothing", "the least", "nothing", ("p.least", "0"), "p.least < 0"),
)  # fmt: skip
