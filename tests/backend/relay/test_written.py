"""The relay's invariants in words and their tests go together."""

import ast
import re

from tests.backend.anvil import ROOT

WORDS = (ROOT / "docs" / "invariants.md").read_text()


def test_every_invariant_of_the_relay_is_tested_by_name() -> None:
    titles = re.findall(r"^### R(\d+) (.+)$", WORDS, re.MULTILINE)
    written = {f"r{number}_{re.sub(r'[^a-z0-9]+', '_', title.lower())}" for number, title in titles}
    tests = {
        node.name.removeprefix("test_")
        for path in (ROOT / "tests" / "backend" / "relay").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and re.match(r"test_r\d+_", node.name)
    }
    assert len(written) >= 12
    assert written - tests == set(), "written down and not tested"
    assert {name.split("_")[0] for name in tests} == {name.split("_")[0] for name in written}
