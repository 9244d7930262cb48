"""Worked examples of waterfalls as others published them: what to pay in and out when, and who must get what.

Amounts are in the source's own unit times `SCALE`, times in years from the first closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SCALE = 10_000


@dataclass(frozen=True)
class Example:
    """`paid` and `distributed` are (years, amount); `parts` are the tiers of the last distribution."""

    name: str
    source: str
    hurdle: int
    carry: int
    catch_up: int
    paid: tuple[tuple[Fraction | int, int], ...]
    distributed: tuple[tuple[Fraction | int, int], ...]
    partners: Fraction
    organisation: Fraction
    parts: tuple[Fraction | int, ...] | None = None
    clawback: int = 0


EXAMPLES = (
    Example(
        "full catch-up",
        # Schweser's notes for the CFA programme, worked step by step (50 m in, 100 m out a year later)
        "https://www.analystforum.com/t/can-anyone-pls-explain-how-does-catch-up-clause-work-through-an-example-with-hurdle-rate/154723",
        hurdle=800,
        carry=2_000,
        catch_up=10_000,
        paid=((0, 50),),
        distributed=((1, 100),),
        partners=Fraction(90),
        organisation=Fraction(10),
        parts=(50, 4, 1, 45, 10),
    ),
    Example(
        "no catch-up",
        # Plumule Advisory, "How Investment Fund Carried Interest Works", part 3
        "https://plumuleadvisory.com/how-investment-fund-carried-interest-works-part-2-2",
        hurdle=800,
        carry=2_000,
        catch_up=0,
        paid=((0, 100),),
        distributed=((1, 200),),
        partners=Fraction("181.6"),
        organisation=Fraction("18.4"),
        parts=(100, 8, 0, 92, Fraction("18.4")),
    ),
    Example(
        "no preferred return",
        # the same, for comparison: "If there were no preferred return"
        "https://plumuleadvisory.com/how-investment-fund-carried-interest-works-part-2-2",
        hurdle=0,
        carry=2_000,
        catch_up=0,
        paid=((0, 100),),
        distributed=((1, 200),),
        partners=Fraction(180),
        organisation=Fraction(20),
        parts=(100, 0, 0, 100, 20),
    ),
    Example(
        "two years of hurdle caught up",
        # UWorld on a question for the CFA examination: 100 m become 150 m in two years, carry is 10 m (its
        # hurdle is simple; caught up in full, the carry is a fifth of the profit under either)
        "https://www.reddit.com/r/CFA/comments/1l91tz7/is_this_question_wrong",
        hurdle=500,
        carry=2_000,
        catch_up=10_000,
        paid=((0, 100),),
        distributed=((2, 150),),
        partners=Fraction(140),
        organisation=Fraction(10),
    ),
    Example(
        "hurdle left unpaid goes on accruing",
        # BiggerPockets: 100 in, 100 back a year later, 8 of preferred return unpaid: 8.64 after another year
        "https://www.biggerpockets.com/forums/432/topics/785491-preferred-equity-in-carried-interest-waterfall",
        hurdle=800,
        carry=2_000,
        catch_up=10_000,
        paid=((0, 100),),
        distributed=((1, 100), (2, 10)),
        partners=100 + Fraction("8.64"),
        organisation=10 - Fraction("8.64"),
        parts=(0, Fraction("8.64"), 10 - Fraction("8.64"), 0, 10 - Fraction("8.64")),
    ),
    Example(
        "clawback of all carry",
        # Preqveca's directory of the Russian market: five deals gain 500, five lose 500; without clawback the
        # carry of 100 would stay, with it nothing does. Here the winners come first, then 500 are lost.
        "http://www.preqveca.ru/en/directory/48/",
        hurdle=0,
        carry=2_000,
        catch_up=10_000,
        paid=((0, 500), (2, 500)),
        distributed=((1, 1_000),),
        partners=Fraction(900),
        organisation=Fraction(100),
        clawback=100,
    ),
)
