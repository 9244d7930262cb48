"""Why a contract refused, in the words of the reader: for every error a text, and how its values are written.

A text names the error's values (`%(opens)s`). An error whose meaning depends on one of them has texts of its
own for that: `RewardMarket_BadTerms:field=price`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from backend.chain import reasons as standard
from backend.chain.contract import Reverted
from backend.chain.deployment import abi
from backend.domains import domains
from backend.errors import Reason
from backend.kit.texts import Texts
from backend.relay import reasons as relay
from backend.web.i18n import LANGUAGES, Format, catalogue

TIMES = {
    "closes", "deadline", "due", "dueAt", "earliest", "ends", "executableAt", "expires", "last", "lateSince",
    "opens", "origin", "time", "until", "vetoUntil",
}  # fmt: skip
"""Values that are seconds since 1970, where they are no sums."""
SUM = "uint96"
"""The type of sums of a token."""
DAYS = {"firstDay", "lastDay", "from", "today"}
"""Values that are days since 1970."""
SPANS = {"delay"}
"""Values that are seconds."""
PLAIN = {"code", "period", "index", "roles", "year"}
"""Values that count nothing, as all that end in `Id` or `id`: written without separators."""
LONGEST = 200
"""Letters of a text that a contract gives."""


@cache
def reasons() -> dict[str, str]:
    """The texts of all errors, English and untranslated."""
    return (
        standard.REASONS
        | relay.REASONS
        | {name: text for domain in domains() for name, text in domain.reasons.items()}
    )


@cache
def errors() -> dict[str, dict[str, str]]:
    """The values of every error that can surface: Solidity types by their names."""
    contracts = [name for domain in domains() for name in domain.contracts]
    contracts += [factory.contract for domain in domains() for factory in domain.factories]
    entries = [entry for name in (*contracts, "NetworkManager") for entry in abi(name)]
    return {
        entry["name"]: {value["name"]: value["type"] for value in entry["inputs"]}
        for entry in (*standard.ABI, *entries)
        if entry["type"] == "error"
    }


def reason(error: Reverted) -> Reason:
    """Why the contract refused."""
    return of(error.name, shown(error))


def of(name: str, values: dict[str, Any]) -> Reason:
    """Why the contract refused, from an error that was kept as JSON (`shown`)."""
    return Reason(name=name, values=values, text=text(name, values))


def shown(error: Reverted) -> dict[str, Any]:
    """The values of an error as JSON: bytes as `0x` hex, integers wider than 56 bits as decimal strings."""
    types = errors().get(error.name, {})
    return {name: _json(types.get(name, ""), value) for name, value in error.values.items()}


def text(name: str, values: Mapping[str, Any]) -> Texts:
    """Why the contract refused, in both languages. `values` as decoded, or as `shown` gives them."""
    known, types = reasons(), errors().get(name, {})
    variants = (f"{name}:{value}={_raw(values[value])}" for value in types if value in values)
    found = next((known[variant] for variant in variants if variant in known), known.get(name, ""))
    if not found or set(types) - set(values):
        found, types = standard.NO_REASON, {}
    return Texts(**{language: _said(found, types, values, language) for language in LANGUAGES})


def _said(found: str, types: Mapping[str, str], values: Mapping[str, Any], language: str) -> str:
    write = Format(language)
    return catalogue(language).gettext(found) % {
        name: _written(write, name, kind, values[name]) for name, kind in types.items()
    }


def _written(write: Format, name: str, kind: str, value: Any) -> str:
    if kind == "address":
        return f"{value[:6]}…{value[-4:]}"
    if kind == "bytes32":
        raw = _raw(value)
        return raw if not raw.startswith("0x") else f"{raw[:10]}…{raw[-8:]}"
    if "int" not in kind:
        return str(_json(kind, value))[:LONGEST]
    number = int(value)
    if name in TIMES and kind != SUM:
        return write.time(number)
    if name in DAYS:
        return write.date(number * 86_400)
    if name in SPANS:
        return write.span(number)
    return str(number) if name in PLAIN or name.lower().endswith("id") else write.number(number)


def _raw(value: Any) -> str:
    """A value as it names a text: of 32 bytes the ASCII in them, where there is any."""
    if isinstance(value, str) and value.startswith("0x") and len(value) == 66:
        value = bytes.fromhex(value[2:])
    if isinstance(value, bytes):
        said = value.rstrip(b"\x00")
        return (
            said.decode() if said.isascii() and said.decode().isprintable() and said else "0x" + value.hex()
        )
    return str(value)


def _json(kind: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    wide = (
        isinstance(value, int) and not isinstance(value, bool) and int(kind.rpartition("int")[2] or 256) > 56
    )
    return str(value) if wide else value
