"""Cash flows by step of time, as a fund's chart draws them."""

from datetime import UTC, datetime

from backend.funds.fund_view import MOST, steps
from backend.funds.performance import DAY
from backend.funds.schemas import Flow

FIRST = int(datetime(2027, 3, 10, tzinfo=UTC).timestamp())


def flow(days: int, what: str, amount: int) -> Flow:
    return Flow(day=FIRST + days * DAY, what=what, amount=amount)  # type: ignore[arg-type]


def begins(flows: list[Flow], days: int) -> list[str]:
    made = steps(flows, FIRST + days * DAY)
    return [datetime.fromtimestamp(step.begins, UTC).date().isoformat() for step in made]


def test_nothing_paid_makes_no_steps() -> None:
    assert steps([], FIRST) == []
    assert steps([flow(0, "invested", 5)], FIRST) == []


def test_partners_flows_are_summed_and_balanced() -> None:
    flows = [flow(0, "paid_in", 100), flow(0, "late_fee", 1), flow(0, "fee", 9), flow(2, "to_partners", 150)]
    made = steps(flows, FIRST + 3 * DAY)
    assert [(step.paid, step.back, step.balance) for step in made] == [
        (101, 0, -101), (0, 0, -101), (0, 150, 49), (0, 0, 49),
    ]  # fmt: skip


def test_steps_are_days_weeks_months_quarters_or_years() -> None:
    paid = [flow(0, "paid_in", 1)]
    assert begins(paid, 1) == ["2027-03-10", "2027-03-11"]
    assert begins(paid, 30)[:2] == ["2027-03-04", "2027-03-11"]
    assert begins(paid, 300)[:2] == ["2027-03-01", "2027-04-01"]
    assert begins(paid, 1_500)[:2] == ["2027-01-01", "2027-04-01"]
    assert begins(paid, 4_000)[:2] == ["2027-01-01", "2028-01-01"]


def test_there_are_never_more_steps_than_room() -> None:
    for days in (*range(0, 800, 13), *range(800, 9_000, 97)):
        assert len(steps([flow(0, "paid_in", 1)], FIRST + days * DAY)) <= MOST + 1, days
