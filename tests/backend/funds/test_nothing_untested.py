"""An action of funds that no test names fails here."""

from pathlib import Path

from backend.funds.actions import ACTIONS


def test_every_action_is_named_in_a_test() -> None:
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_actions*.py"))
    assert [action.name for action in ACTIONS if f'"{action.name}"' not in tests] == []
