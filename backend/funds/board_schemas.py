"""What the network's board is answered with. Sums are kopecks: base units of each token together, by the
operator's last rate of it, rounded down.
"""

from typing import Literal, get_args

from pydantic import BaseModel, Field

from backend.content.documents import Text
from backend.kit.types import Address, Amount, Hash
from backend.projects.schemas import Kind

Figure = Literal[
    "companies_value", "invested", "ip", "ip_value",
    "funds_committed", "funds_contributed", "funds_invested", "funds_value", "funds_distributed",
    "funds_fees", "funds_carry",
]  # fmt: skip
FIGURES: tuple[Figure, ...] = get_args(Figure)


class Figures(BaseModel):
    """The figures of a year. Values are as they were last said until its end; of a year that runs, until the
    block.
    """

    companies: int = Field(default=0, description="Whose value an appraiser said.")
    companies_value: Amount = Field(default=0, description="Of them as a whole, intellectual property aside.")
    investments: int = Field(default=0, description="Pledges of funds in the year.")
    invested: Amount = Field(
        default=0,
        description="By funds in campaigns in the year, less what was withdrawn in it; nothing of campaigns"
        " that failed.",
    )
    ip: int = Field(
        default=0, description="Projects of the kind intellectual property, opened by the end of the year."
    )
    ip_value: Amount = Field(default=0, description="Of those whose value an appraiser said.")


class YearFigures(Figures):
    year: int


class CityFigures(Figures):
    city_id: int
    name: Text | None = None


class KindFigures(Figures):
    kind: Kind


class FundTotals(BaseModel):
    """All funds together, every sum once: what funds committed and paid to funds, and were paid by them, is
    left out.
    """

    funds: int
    partners: int = Field(description="Wallets with a commitment or units that are no funds.")
    committed: Amount = Field(description="Standing.")
    contributed: Amount = Field(description="Capital paid in.")
    invested: Amount = Field(description="In campaigns, and not withdrawn.")
    value: Amount = Field(
        description="Of holdings in campaigns, at their marks; at cost where there is none."
    )
    distributed: Amount = Field(description="Claimed by partners.")
    fees: Amount = Field(description="Management fees taken.")
    carry: Amount = Field(description="Of organisations, escrow included, less what was returned.")
    between: Amount = Field(description="Committed by funds to funds, which is left out.")


class Board(BaseModel):
    """The network's board: figures of a year, of a city and a kind unless of all."""

    year: int
    city_id: int | None
    kind: Kind | None
    figures: Figures
    years: list[YearFigures] = Field(description="From the first with a figure to that of the block.")
    cities: list[CityFigures] = Field(
        description="In the year, most value first; by home city of the projects."
    )
    kinds: list[KindFigures] = Field(description="In the year.")
    funds: FundTotals = Field(description="Of all years, cities and kinds.")


class Trace(BaseModel):
    """A fact that a figure is made of. The figure is the sum of `sign` × `amount`; of `ip` the number of
    facts.
    """

    fact: str = Field(description="Its name, as under `/v1/export`.", examples=["pledged"])
    time: int = Field(description="Seconds since 1970.", examples=[1767225600])
    contract: Address | None = Field(description="Which fund or campaign wrote it.")
    account: Address | None = Field(description="Whom it concerns: partner, backer, holding or author.")
    project_id: int | None
    title: Text | None = None
    token: Address | None
    sign: int = Field(description="1 or −1.")
    amount: Amount = Field(description="Base units of the token.")
    as_of: int | None = Field(description="Of a mark: its day.")
    evidence: Hash | None = Field(description="Of a mark.")
    block_number: int
    log_index: int
    tx_hash: Hash
