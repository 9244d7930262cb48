"""Facts as the ABI defines them."""

import pytest

from backend.chain.facts import DefinitionError, fact_of, snake, sql_type


def event(name: str, *inputs: tuple[str, str], **more: object) -> dict:
    return {
        "type": "event",
        "name": name,
        "inputs": [{"name": n, "type": t, "indexed": False} for n, t in inputs],
    } | more


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CitizenRegistered", "citizen_registered"),
        ("perVoucher", "per_voucher"),
        ("oldURL", "old_url"),
        ("_to", "to"),
    ],
)
def test_names_become_snake_case(name, expected):
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("abi_type", "expected"),
    [
        *((f"uint{bits}", "integer") for bits in (8, 16, 24)),
        *((f"int{bits}", "integer") for bits in (8, 24, 32)),
        *((f"uint{bits}", "bigint") for bits in (32, 40, 48, 56)),
        *((f"int{bits}", "bigint") for bits in (40, 64)),
        *((f"uint{bits}", "numeric(78,0)") for bits in (64, 128, 256)),
        *((f"int{bits}", "numeric(78,0)") for bits in (72, 256)),
        *((t, "bytea") for t in ("address", "bytes", "bytes1", "bytes32")),
        *(("bool", "boolean"), ("string", "text"), ("uint8[]", "jsonb"), ("(address,uint8)[2]", "jsonb")),
    ],
)
def test_types_are_those_of_the_architecture(abi_type, expected):
    assert sql_type(abi_type) == expected


def test_a_type_without_a_column_is_refused():
    with pytest.raises(DefinitionError, match="function"):
        sql_type("function")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (event("A", ("", "uint8")), "'' is empty or taken"),
        (event("A", ("blockNumber", "uint8")), "'block_number' is empty or taken"),
        (event("A", ("x", "uint8"), ("X", "uint8")), "'x' is empty or taken"),
        (event("A", anonymous=True), "anonymous"),
    ],
)
def test_an_event_that_makes_no_table_is_refused(entry, said):
    with pytest.raises(DefinitionError, match=said):
        fact_of("C", entry)


def test_reserved_words_stay_column_names():
    ddl = fact_of("C", event("Sold", ("limit", "uint16"), ("to", "address"))).ddl()
    assert '"limit" integer NOT NULL' in ddl
    assert '"to" bytea NOT NULL' in ddl
