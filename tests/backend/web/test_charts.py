import pytest

from backend.web.charts import bars, ceiling, course, stack, swing


def test_parts_of_a_bar_fill_its_width():
    parts = stack([("held", 50), ("spent", 0), ("expired", 50)], width=100, gap=2)
    assert [part.name for part in parts] == ["held", "expired"]
    assert parts[0].width == parts[1].width == 49
    assert parts[1].x + parts[1].width == 100


def test_small_part_can_still_be_seen():
    assert stack([("held", 10**9), ("reversed", 1)])[1].width >= 1


def test_nothing_makes_no_parts():
    assert stack([("held", 0)]) == []


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 4), (17, 20), (99, 100), (4_100, 5_000)])
def test_axis_ends_at_a_round_number(value: int, top: int):
    assert ceiling(value) == top


def test_bars_are_as_tall_as_their_values():
    drawn = bars([[0, 50, 100], [10, 0, 20]], height=200)
    assert [row[0].height for row in drawn.rows] == [0, 100, 200]
    assert drawn.ticks[0] == (0, 200)
    assert drawn.ticks[-1] == (100, 0)


def test_no_bars_without_steps():
    assert bars([[], []]).rows == []


def test_course_climbs_in_stairs_up_to_now():
    drawn = course([(20, 30), (60, 100)], begins=0, ends=100, now=80, marks=[50], width=100, height=200)
    assert drawn.line == "0.0,200.0 20.0,200.0 20.0,140.0 60.0,140.0 60.0,0.0 80.0,0.0"
    assert drawn.area == f"{drawn.line} 80.0,200.0"
    assert (drawn.marks, drawn.reached) == ([(50, 100.0)], 80.0)


def test_course_reads_well_in_whole_tokens_and_stays_within_its_times():
    drawn = course([(500, 3 * 10**18 + 1)], begins=0, ends=100, now=500, unit=10**18)
    assert drawn.ticks[-1] == (4 * 10**18, 0)
    assert drawn.reached == drawn.width
    assert course([], 0, 0, 5).line == "0.0,220.0 720.0,220.0"


def test_a_swing_goes_down_for_what_was_paid_and_up_for_what_came_back():
    drawn = swing([(100, 0), (0, 150)], width=200, height=200)
    assert [value for value, _ in drawn.ticks] == [-160, -80, 0, 80, 160]
    (paid, nothing), (none, back) = drawn.bars
    assert (paid.y, nothing.height, none.height) == (drawn.zero, 0, 0)
    assert back.y + back.height == drawn.zero
    assert back.height == 1.5 * paid.height
    assert drawn.line.split()[0] == f"0.0,{drawn.zero}"


def test_a_swing_says_where_it_would_end_with_what_is_left():
    drawn = swing([(100, 0)], left=160, width=100, height=260)
    assert drawn.ends[0] == drawn.would[0]
    assert drawn.ends[1] > drawn.zero > drawn.would[1]
    assert max(value for value, _ in drawn.ticks) >= 60
    assert min(value for value, _ in drawn.ticks) <= -100


def test_a_swing_without_steps_has_an_axis():
    assert swing([]).zero in {y for _, y in swing([]).ticks}
