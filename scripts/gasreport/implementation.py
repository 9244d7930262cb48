"""Actions of the project registry that look at a campaign."""

from scripts.gasreport.campaigns import CLONE, MONEY, SHARES, TIMES
from scripts.gasreport.floor import account, change, read
from scripts.gasreport.projects import REST, STANDING
from scripts.gasreport.raising import DONATION, UNIT, Raising
from scripts.gasreport.table import Table
from scripts.gasreport.world import DAY, World

PHASE = [account("campaign"), CLONE, read(TIMES), read(MONEY), read(SHARES)]
"""What the phase of a campaign follows from."""


def measure(world: World, table: Table) -> None:
    raising = Raising(world)
    campaign = raising.campaign(DONATION)
    raising.give(world.citizen, UNIT, str(campaign.address))
    raising.do(world.citizen, campaign, "pledge", (UNIT, 0, 0, 0, 1))
    world.chain.travel(25 * DAY)
    table.add(
        "beginImplementation",
        world.projects.call("beginImplementation", raising.project, campaign.address),
        world.stranger,
        [
            change(STANDING),
            change(REST),
            account("campaign factory"),
            read("project of the campaign"),
            *PHASE,
        ],
    )
    raising.do(world.stranger, campaign, "release")
    table.add(
        "advance, from implementation",
        world.projects.call("advance", raising.project, bytes(32)),
        world.stranger,
        [change(STANDING), read(REST), *PHASE],
    )
