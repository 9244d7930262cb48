"""Whose the funds of the demo are, what they may do and on which terms, in Russian and English."""

from dataclasses import dataclass, field
from typing import Any

from backend.content.documents import AppraisalDocument, FundDocument, NoticeDocument, ReasonDocument, Text
from backend.demo.raising import LOAN, SHARE
from backend.demo.town import DAY
from backend.projects.names import KINDS

YEAR = 365 * DAY


@dataclass(frozen=True)
class Avatar:
    """A fund: the day on which it is launched, its name as a token, who may commit how much (roubles).

    `mandate` and `terms` have the fields of `IFundAvatar` that differ from the usual ones (see `funds`).
    """

    key: str
    begins: int
    name: str
    symbol: str
    partners: tuple[int, ...]
    document: FundDocument
    mandate: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)


def _kinds(*names: str) -> int:
    return sum(1 << KINDS.index(name) for name in names)  # type: ignore[arg-type]


def _said(ru: tuple[str, str], en: tuple[str, str]) -> FundDocument:
    return FundDocument(
        title=Text(ru=f"{ru[0]} (демо)", en=f"{en[0]} (demo)"),
        summary=Text(ru=ru[1], en=en[1]),
        description=Text(
            ru=f"{ru[1]} Этот фонд вымышлен: на нём видно, как фонды живут от обязательств до распределений.",
            en=f"{en[1]} This fund is made up: it shows how funds live, from commitments to distributions.",
        ),
    )


FORMS = 1 << LOAN | 1 << SHARE
COMPANIES = _kinds("startup", "intellectual_property", "investment", "business")
WORKS = _kinds("development", "public_private_partnership", "business", "startup", "investment")

AVATARS = (
    Avatar(
        "seed", 26, "Seed fund (demo)", "SEED", (400_000, 350_000, 300_000, 250_000, 200_000),
        _said(
            ("Посевной фонд университета", "Доли в молодых компаниях и патентах городов сети."),
            ("The university's seed fund", "Shares in young companies and patents of the network's cities."),
        ),
        {"kinds": COMPANIES, "forms": FORMS, "largest_share": 3_000},
        {"mark_term": 90 * DAY, "extension": YEAR, "extensions": 2},
    ),
    Avatar(
        "pilot", 26, "Pilot fund (demo)", "PILOT", (100_000, 100_000, 100_000),
        _said(
            ("Пробный фонд", "Прожил полгода: одна компания продана, другая списана, часть carry вернут."),
            ("A pilot fund", "It lived for half a year: one company sold, one written off, carry returned."),
        ),
        {"kinds": COMPANIES, "forms": FORMS},
        {"investment_period": 150 * DAY, "life": YEAR, "hurdle": 500, "catch_up": 8_000, "escrow": 3_000},
    ),
    Avatar(
        "roads", 30, "City works fund (demo)", "WORKS", (200_000, 200_000, 200_000),
        _said(
            ("Фонд городских работ", "Займы делу, которое служит городу: пекарне, прокату, набережной."),
            ("A fund of city works", "Loans to what serves a city: a bakery, a hire of bicycles, a quay."),
        ),
        {"kinds": WORKS, "forms": 1 << LOAN},
        {"investment_period": 155 * DAY, "life": 3 * YEAR, "carry": 1_000, "catch_up": 0, "hurdle": 600},
    ),
    Avatar(
        "rvc", 36, "robotization.vc Venture (demo)", "RVCV", (500_000, 500_000),
        _said(
            ("robotization.vc: венчур", "Обязательства перед фондами других организаций и доли в патентах."),
            ("robotization.vc: venture", "Commits to the funds of other organisations, and holds patents."),
        ),
        {"kinds": COMPANIES, "forms": FORMS, "largest_share": 6_000, "may_commit": True},
        {"management_fee": 100, "carry": 500, "catch_up": 0, "mark_term": 90 * DAY},
    ),
    Avatar(
        "rvi", 36, "robotization.vc Infrastructure (demo)", "RVCI", (300_000, 300_000),
        _said(
            ("robotization.vc: инфраструктура", "Обязательства перед фондами, которые строят для городов."),
            ("robotization.vc: infrastructure", "Commits to the funds that build for cities."),
        ),
        {"kinds": 0, "forms": 0, "largest_share": 6_000, "may_commit": True},
        {"management_fee": 100, "carry": 500, "catch_up": 0},
    ),
    Avatar(
        "craft", 182, "Crafts fund (demo)", "CRAFT", (150_000, 100_000, 50_000),
        _said(
            ("Фонд ремёсел", "Собирает обязательства: до первого закрытия ещё есть время."),
            ("A fund of crafts", "Takes commitments: there is time until its first closing."),
        ),
        {"kinds": _kinds("creative_industry", "business"), "forms": FORMS, "largest_share": 2_500},
        {"minimum": 400_000},
    ),
)  # fmt: skip

NOTICE = NoticeDocument(
    text=Text(
        ru="На вложения этого квартала и плату за управление. Демонстрационная запись.",
        en="For the investments of this quarter and the management fee. A record of the demo.",
    )
)
VALUED = AppraisalDocument(
    description=Text(
        ru="Отчёт оценщика: выручка, сделки с похожими компаниями. Демонстрационная запись.",
        en="An appraiser's report: revenue, deals with companies alike. A record of the demo.",
    )
)
FALLEN = ReasonDocument(
    text=Text(
        ru="Компания закрыта, имущества не осталось. Демонстрационная запись.",
        en="The company is closed and nothing is left of it. A record of the demo.",
    )
)
WOUND_UP = ReasonDocument(
    text=Text(
        ru="Вложений больше нет: завершаем раньше срока. Демонстрационная запись.",
        en="There is nothing left to hold: an early end. A record of the demo.",
    )
)
LONGER = ReasonDocument(
    text=Text(
        ru="Патенту нужно больше времени: ещё год. Демонстрационная запись.",
        en="The patent needs more time: one more year. A record of the demo.",
    )
)
