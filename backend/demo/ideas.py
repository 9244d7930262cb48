"""What the projects of the demo are about, in Russian and English, and how far each comes."""

from dataclasses import dataclass

from backend.content.documents import (
    CampaignDocument,
    CourseDocument,
    DossierDocument,
    EvidenceDocument,
    OpinionDocument,
    ProjectDocument,
    ReasonDocument,
    RequestDocument,
    RoleDocument,
    RoundDocument,
    Text,
    TierDocument,
)
from backend.projects.names import KINDS, STAGES


@dataclass(frozen=True)
class Asked:
    """A request: `budget` in roubles, zero for none; `days` for which it is open, from `begins` on; zero or
    after how many days its author closes it.
    """

    key: str
    town: int
    kind: int
    begins: int
    days: int
    budget: int
    document: RequestDocument
    shut_after: int


@dataclass(frozen=True)
class Idea:
    """A project: the town it is in (counted round where the play has fewer), the day on which it is opened,
    the stage that it comes to.

    `story` is what becomes of its money (see `fortunes`), or of itself (see `works`); `answers` names a
    request.
    """

    key: str
    town: int
    kind: int
    begins: int
    reaches: int
    story: str
    answers: str
    document: ProjectDocument


def _request(
    key: str,
    town: int,
    kind: str,
    begins: int,
    days: int,
    budget: int,
    ru: tuple[str, str],
    en: tuple[str, str],
    shut_after: int = 0,
) -> Asked:
    document = RequestDocument(
        title=Text(ru=f"{ru[0]} (демо)", en=f"{en[0]} (demo)"), summary=Text(ru=ru[1], en=en[1])
    )
    return Asked(key, town, KINDS.index(kind), begins, days, budget, document, shut_after)  # type: ignore[arg-type]


def _idea(
    key: str,
    town: int,
    kind: str,
    begins: int,
    reaches: str,
    ru: tuple[str, str],
    en: tuple[str, str],
    story: str = "",
    answers: str = "",
) -> Idea:
    document = ProjectDocument(
        title=Text(ru=f"{ru[0]} (демо)", en=f"{en[0]} (demo)"),
        summary=Text(ru=ru[1], en=en[1]),
        description=Text(
            ru=f"{ru[1]} Этот проект вымышлен: на нём видно, как проекты идут по этапам и собирают деньги.",
            en=f"{en[1]} This project is made up: it shows how projects pass the stages and raise money.",
        ),
    )
    stage = STAGES.index(reaches) + 1  # type: ignore[arg-type]
    return Idea(key, town, KINDS.index(kind), begins, stage, story, answers, document)  # type: ignore[arg-type]


REQUESTS = (
    _request(
        "yard", 0, "urbanist", 18, 120, 900_000,
        ("Тихие дворы в старых кварталах", "Город ищет проекты дворов без машин: скамьи, деревья, свет."),
        ("Quiet yards in the old quarters", "The city looks for yards without cars: benches, trees, light."),
    ),
    _request(
        "sensors", 0, "startup", 150, 90, 400_000,
        ("Датчики воздуха у школ", "Нужны недорогие датчики и открытая карта их показаний."),
        ("Air sensors by the schools", "Wanted: affordable sensors and an open map of what they measure."),
    ),
    _request(
        "crafts", 1, "creative_industry", 160, 70, 0,
        ("Место для ремесленников", "Жители просят мастерскую с общими станками."),
        ("A place for craftspeople", "Residents ask for a workshop with shared machines."),
    ),
    _request(
        "river", 1, "development", 36, 90, 250_000,
        ("Чистый берег", "Запрос закрыт: на него ответил проект набережной."),
        ("A clean bank", "Closed: the riverside project answers it."),
        shut_after=30,
    ),
)  # fmt: skip

IDEAS = (
    # ---- money, in every form and phase
    _idea(
        "garden", 0, "urbanist", 21, "financing",
        ("Сад во дворе", "Пятнадцать яблонь, скамьи и кран для полива во дворе, где стояли машины."),
        ("A garden in the yard", "Fifteen apple trees, benches and a tap where cars were parked."),
        "completed", "yard",
    ),
    _idea(
        "slide", 0, "social", 22, "financing",
        ("Горка у набережной", "Зимняя горка с лестницей и огнями. Цели сбор не достиг: взносы вернутся."),
        ("A slide by the river", "A winter slide with stairs and lights. It missed its goal."),
        "failed",
    ),
    _idea(
        "bakery", 3, "business", 23, "financing",
        ("Пекарня на углу", "Печь и прилавок для хлеба из местной муки, в долг на четыре месяца."),
        ("The corner bakery", "An oven and a counter for bread of local flour, on a loan of four months."),
        "late",
    ),
    _idea(
        "roof", 0, "investment", 30, "financing",
        ("Солнечная крыша рынка", "Панели на крыше рынка; доход от энергии делят держатели долей."),
        ("A solar roof for the market", "Panels on the roof; unit holders share what the power earns."),
        "share",
    ),
    _idea(
        "quay", 1, "public_private_partnership", 40, "financing",
        ("Набережная шаг за шагом", "Настил и перила вдоль воды. Остановлен: остаток возвращается."),
        ("The riverside, step by step", "Decking and railings. Stopped by a moderator: the rest goes back."),
        "stopped", "river",
    ),
    _idea(
        "lab", 0, "university", 70, "financing",
        ("Лаборатория для школьников", "Приборы и наставники из университета, по субботам."),
        ("A laboratory for pupils", "Instruments and mentors from the university, on Saturdays."),
        "reported",
    ),
    _idea(
        "clinic", 5, "charity", 120, "financing",
        ("Передвижная клиника", "Машина с врачом для дальних посёлков. Идёт срок отказа."),
        ("A clinic on wheels", "A car and a doctor for far villages. Its cooling-off time runs."),
        "cooling",
    ),
    _idea(
        "park", 0, "urbanist", 125, "financing",
        ("Парк на месте пустыря", "Дорожки, газон и сорок лип на пустыре за домами. Сбор открыт."),
        ("A park on the waste ground", "Paths, a lawn and forty limes behind the houses. Pledges are open."),
        "open", "yard",
    ),
    _idea(
        "museum", 0, "creative_industry", 130, "financing",
        ("Музей городских голосов", "Рассказы горожан и зал, где их слушают. За взнос положен подарок."),
        ("A museum of the city's voices", "Recorded stories and a room for them. Pledges earn a present."),
        "tiers",
    ),
    _idea(
        "bikes", 1, "startup", 145, "financing",
        ("Велосипеды для курьеров", "Тридцать грузовых велосипедов в аренду: заём под 14 % на год."),
        ("Bicycles for couriers", "Thirty cargo bicycles for hire: a loan at 14 % for a year."),
        "lending",
    ),
    _idea(
        "library", 0, "social", 155, "financing",
        ("Библиотека вещей", "Дрель, палатка и проектор, которые берут на день. Сбор скоро откроется."),
        ("A library of things", "A drill, a tent and a projector to borrow. Pledges open soon."),
        "upcoming",
    ),
    # ---- companies in which funds invest
    _idea(
        "chip", 1, "startup", 24, "financing",
        ("Датчик для теплосетей", "Датчик находит утечку тепла по звуку трубы. Компанию купил завод."),
        ("A sensor for heating grids", "It hears where a pipe loses heat. A factory bought the company."),
        "sold",
    ),
    _idea(
        "seal", 0, "intellectual_property", 64, "financing",
        ("Патент на тихую плитку", "Плитка гасит шум улицы; город и заводы платят за лицензию."),
        ("A patent on quiet paving", "It swallows the noise of a street; cities and plants pay royalties."),
        "licensed",
    ),
    _idea(
        "drone", 1, "startup", 82, "financing",
        ("Дрон для мойки окон", "Опытный образец упал, второй раз денег не нашлось. Вложение списано."),
        ("A drone that washes windows", "The prototype fell, and there was no second one. Written off."),
        "over",
    ),
    # ---- on their way
    _idea(
        "sensor", 0, "startup", 152, "acceleration",
        ("Карта дыхания города", "Датчики воздуха у десяти школ и карта, которую видит каждый."),
        ("The city's breath", "Air sensors by ten schools, and a map for everybody."),
        "", "sensors",
    ),
    _idea(
        "patent", 1, "intellectual_property", 156, "design",
        ("Открытый чертёж остановки", "Остановка из трёх деталей, чертежи которой может взять любой город."),
        ("An open plan of a bus stop", "A stop of three parts whose drawings any city may take."),
        "joined",
    ),
    _idea(
        "choir", 2, "creative_industry", 160, "team",
        ("Хор пяти дворов", "Репетиции по средам; ищет дирижёра и звукорежиссёра."),
        ("A choir of five yards", "Rehearsals on Wednesdays; in search of a conductor and a sound engineer."),
    ),
    _idea(
        "bridge", 3, "development", 163, "expertise",
        ("Пешеходный мост", "Мост через овраг сокращает путь в школу вдвое. Его судят эксперты."),
        ("A footbridge", "A bridge over the ravine halves the way to school. Experts judge it."),
    ),
    _idea(
        "rink", 0, "social", 172, "assessment",
        ("Каток под навесом", "Лёд с ноября по март и прокат коньков. Голосуют горожане."),
        ("A covered rink", "Ice from November to March, and skates for hire. Citizens vote."),
    ),
    _idea(
        "market", 5, "business", 174, "assessment",
        ("Рынок выходного дня", "Фермеры и пекари на площади по субботам."),
        ("A weekend market", "Farmers and bakers in the square on Saturdays."),
    ),
    _idea(
        "wall", 4, "creative_industry", 190, "premoderation",
        ("Стена для росписи", "Стена гаражей, которую каждый месяц расписывают заново."),
        ("A wall to paint", "The wall of the garages, painted anew each month."),
    ),
    _idea(
        "school", 7, "university", 192, "idea",
        ("Вечерняя школа данных", "Курс для взрослых: таблицы, карты, честные графики."),
        ("An evening school of data", "A course for adults: tables, maps, honest charts."),
    ),
    _idea(
        "workshop", 1, "creative_industry", 197, "request",
        ("Мастерская с общими станками", "Верстаки, печь для керамики и расписание для всех."),
        ("A workshop with shared machines", "Benches, a kiln and a timetable for all."),
        "", "crafts",
    ),
    # ---- not straight on
    _idea(
        "ferry", 0, "public_private_partnership", 100, "expertise",
        ("Паром по требованию", "Возвращён на доработку: не хватило расчёта пассажиров."),
        ("A ferry on demand", "Sent back: the count of passengers was missing."),
        "returned",
    ),
    _idea(
        "fair", 3, "investment", 105, "design",
        ("Ярмарка под крышей", "На паузе по решению модератора: выясняют, чья земля."),
        ("A fair under a roof", "Paused by a moderator: whose land it is has to be found out."),
        "paused",
    ),
    _idea(
        "depot", 6, "startup", 110, "expertise",
        ("Депо для роботов-курьеров", "Был прокатом самокатов; автор развернул его, и он снова идея."),
        ("A depot for courier robots", "It was about scooters; turned by its author, it is an idea again."),
        "turned",
    ),
)  # fmt: skip

TURNED = ProjectDocument(
    title=Text(ru="Депо для роботов-курьеров, второй замысел (демо)", en="A depot for robots, again (demo)"),
    summary=Text(
        ru="Вместо самокатов: роботы, которые развозят заказы по дворам.",
        en="In place of scooters: robots that carry parcels through the yards.",
    ),
)  # fmt: skip

PASSED = ReasonDocument(
    text=Text(
        ru="Описание полное, место свободно. Демонстрационная запись.",
        en="The description is complete, the place is free. A record of the demo.",
    )
)
SENT_BACK = ReasonDocument(
    text=Text(
        ru="Добавьте расчёт пассажиров по сезонам. Демонстрационная запись.",
        en="Add a count of passengers by season. A record of the demo.",
    )
)
PAUSED = ReasonDocument(
    text=Text(
        ru="До ответа о границах участка. Демонстрационная запись.",
        en="Until it is known where the plot ends. A record of the demo.",
    )
)
PIVOTED = ReasonDocument(
    text=Text(
        ru="Прокат самокатов в городе уже есть. Демонстрационная запись.",
        en="The city has scooters for hire already. A record of the demo.",
    )
)
STOPPED = ReasonDocument(
    text=Text(
        ru="Подрядчик ушёл, нового нет: остаток возвращается инвесторам. Демонстрационная запись.",
        en="The contractor left and there is no other: the rest goes back to backers. A record of the demo.",
    )
)
DOSSIER = DossierDocument(
    description=Text(
        ru="Документы этапа: план, смета, сроки. Демонстрационная запись.",
        en="Papers of the stage: plan, estimate, dates. A record of the demo.",
    )
)
COURSE = CourseDocument(
    title=Text(ru="Как вести городской проект (демо)", en="How to run a city project (demo)"),
    description=Text(ru="Четыре занятия и проверка сметы.", en="Four lessons and a review of the estimate."),
)
CERTIFICATE = EvidenceDocument(
    description=Text(
        ru="Команда прошла курс целиком. Демонстрационная запись.",
        en="The team completed the whole course. A record of the demo.",
    )
)
REPORT = EvidenceDocument(
    description=Text(
        ru="Отчёт об этапе работ: что сделано, на что ушли деньги, что дальше. Демонстрационная запись.",
        en="Report on a milestone: what was done, what it cost, what comes next. A record of the demo.",
    )
)
ROLES = tuple(
    RoleDocument(title=Text(ru=f"{ru} (демо)", en=f"{en} (demo)"))
    for ru, en in (("Инженер", "Engineer"), ("Организатор", "Organiser"))
)
OPINIONS = tuple(
    OpinionDocument(text=Text(ru=f"{ru} Демонстрационная запись.", en=f"{en} A record of the demo."))
    for ru, en in (
        ("Польза понятна, смета честная.", "The use is plain, the estimate honest."),
        ("Сделать можно, срок стоит удлинить на месяц.", "It can be done; allow a month more."),
    )
)
MILESTONES = (
    Text(ru="Закупка и подготовка места", en="Purchases and the place prepared"),
    Text(ru="Основные работы", en="The main works"),
    Text(ru="Сдача и открытие", en="Handing over and opening"),
)
TIERS = tuple(
    TierDocument(title=Text(ru=f"{ru} (демо)", en=f"{en} (demo)"), description=Text(ru=about[0], en=about[1]))
    for ru, en, about in (
        ("Открытка", "A postcard", ("Открытка с голосом города.", "A postcard with a voice of the city.")),
        ("Приглашение", "An invitation", ("Вечер открытия для двоих.", "The opening night for two.")),
        ("Имя на стене", "A name on the wall", ("Ваше имя в зале музея.", "Your name in the museum's room.")),
    )
)
ROUNDS = tuple(
    RoundDocument(
        title=Text(ru=f"{ru} (демо)", en=f"{en} (demo)"), description=Text(ru=about[0], en=about[1])
    )
    for ru, en, about in (
        (
            "Весенний раунд",
            "The spring round",
            ("Город добавляет к тому, за что вносят многие.", "The city adds to what many pledge for."),
        ),
        (
            "Раунд дворов и музеев",
            "A round of yards and museums",
            (
                "Чем больше горожан вносит, тем больше добавляет город.",
                "The more citizens pledge, the more it adds.",
            ),
        ),
    )
)


def campaign(idea: Idea, milestones: int) -> CampaignDocument:
    """The terms of an idea's campaign in words."""
    return CampaignDocument(
        title=Text(ru=f"Сбор: {idea.document.title.ru}", en=f"Campaign: {idea.document.title.en}"),
        description=idea.document.summary,
        terms=Text(
            ru="Деньги выплачиваются по этапам работ после отчёта. Это вымышленный сбор в тестовых рублях.",
            en="Money is paid by milestones, each after its report. A fictitious campaign in test roubles.",
        ),
        milestones=list(MILESTONES[:milestones]),
    )
