"""What the demo is about: its cities, act kinds and offers, in Russian and English."""

from dataclasses import dataclass

from backend.content.documents import ActDocument, OfferDocument, Text

CITIES = (
    "geonames:551487",  # Kazan
    "geonames:524901",  # Moscow
    "geonames:1489425",  # Tomsk
    "geonames:554234",  # Kaliningrad
    "geonames:2013348",  # Vladivostok
    "geonames:509820",  # Petrozavodsk
    "geonames:498817",  # Saint Petersburg
    "geonames:1486209",  # Yekaterinburg
)


@dataclass(frozen=True)
class Kind:
    """An act kind: merits for one act."""

    number: int
    points: int
    document: ActDocument


@dataclass(frozen=True)
class Plan:
    """An offer that a business will publish: merits, vouchers, vouchers per citizen, days of a voucher."""

    price: int
    stock: int
    limit: int
    term_days: int
    business: str
    document: OfferDocument


def _act(number: int, points: int, ru: str, en: str, about_ru: str, about_en: str) -> Kind:
    document = ActDocument(title=Text(ru=ru, en=en), description=Text(ru=about_ru, en=about_en))
    return Kind(number, points, document)


def _offer(
    price: int,
    stock: int,
    limit: int,
    term_days: int,
    business: str,
    ru: tuple[str, str],
    en: tuple[str, str],
) -> Plan:
    document = OfferDocument(
        title=Text(ru=f"{ru[0]} (демо)", en=f"{en[0]} (demo)"),
        description=Text(ru=ru[1], en=en[1]),
        terms=Text(
            ru=f"Ваучер действует {term_days} дней. Предъявите код с телефона. Это вымышленное предложение.",
            en=f"A voucher holds for {term_days} days. Show the code on your phone. The offer is fictitious.",
        ),
    )
    return Plan(price, stock, limit, term_days, business, document)


HOURS, SORTING = 6, 7
"""Kinds that are awarded by epoch."""

KINDS = (
    _act(
        1,
        10,
        "Уборка двора или парка",
        "Cleaning a yard or a park",
        "Два часа общей уборки с организатором от города.",
        "Two hours of cleaning together with the city's organiser.",
    ),
    _act(
        2,
        40,
        "Донорство крови",
        "Giving blood",
        "Одна сдача крови или её компонентов в городском центре.",
        "Blood or its components given once at the city's centre.",
    ),
    _act(
        3,
        15,
        "Помощь пожилому соседу",
        "Helping an elderly neighbour",
        "Визит по заявке социальной службы: покупки, ремонт, разговор.",
        "A visit asked for by the social service: shopping, a repair, a talk.",
    ),
    _act(
        4,
        25,
        "Урок для школьников",
        "A lesson for pupils",
        "Открытый урок о своей профессии в городской школе.",
        "An open lesson about one's own trade in a city school.",
    ),
    _act(
        5,
        12,
        "Посадка дерева",
        "Planting a tree",
        "Саженец, посаженный по плану озеленения и принятый садовником.",
        "A sapling planted by the city's plan and accepted by its gardener.",
    ),
    _act(
        HOURS,
        6,
        "Час волонтёра",
        "An hour of volunteering",
        "Час на городском событии, отмеченный его организатором.",
        "An hour at a city event, noted by its organiser.",
    ),
    _act(
        SORTING,
        2,
        "Раздельный сбор",
        "Sorted waste",
        "Сданный пакет вторсырья, взвешенный на приёмном пункте.",
        "A bag of recyclables, weighed at the collection point.",
    ),
)

OFFERS = (
    _offer(
        12,
        400,
        0,
        14,
        "coffee",
        ("Кофе и круассан", "Любой кофе и свежий круассан в кофейне у парка."),
        ("Coffee and a croissant", "Any coffee and a fresh croissant in the café by the park."),
    ),
    _offer(
        30,
        150,
        2,
        30,
        "museum",
        ("Билет в музей", "Один входной билет на постоянную экспозицию."),
        ("A museum ticket", "One ticket to the permanent exhibition."),
    ),
    _offer(
        24,
        200,
        4,
        21,
        "pool",
        ("Час в бассейне", "Один час плавания в будний день."),
        ("An hour at the pool", "One hour of swimming on a weekday."),
    ),
    _offer(
        45,
        60,
        1,
        30,
        "theatre",
        ("Место в театре", "Место в партере на спектакль по выбору театра."),
        ("A seat at the theatre", "A seat in the stalls for a play of the theatre's choice."),
    ),
    _offer(
        18,
        250,
        0,
        10,
        "bicycle",
        ("День с велосипедом", "Городской велосипед на весь день, шлем включён."),
        ("A day with a bicycle", "A city bicycle for the whole day, helmet included."),
    ),
)

REASON = Text(
    ru="Список участников содержал ошибку: этого человека на уборке не было. Демонстрационная запись.",
    en="The list of those who took part was wrong: this person was not there. A record of the demo.",
)
EVIDENCE = Text(
    ru="Демонстрационная ведомость: кто участвовал, подписана организатором.",
    en="A list of the demo: who took part, signed by the organiser.",
)
LOST = Text(
    ru="Демонстрация: человек пришёл с документом, ключ от кошелька утерян вместе с телефоном.",
    en="Demo: the person came with a document; the key was lost together with the phone.",
)
