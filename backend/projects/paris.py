"""The participatory budget of Paris → projects: the open data "bp_projets_gagnants" (ODbL, Ville de Paris).

`docs/paris.md` says why each theme has its kind and each state its stage.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backend.cities.importer import Remark
from backend.content.documents import ProjectDocument, Text
from backend.kit.table import read_text
from backend.kit.table import rows as table
from backend.projects.names import Kind, Stage

KINDS: dict[str, Kind] = {
    "Attractivité et emploi": "business",
    "Cadre de vie": "urbanist",
    "Culture et patrimoine": "creative_industry",
    "Education et jeunesse": "social",
    "Environnement": "development",
    "Mobilités": "urbanist",
    "Prévention et sécurité": "social",
    "Propreté": "urbanist",
    "Santé": "social",
    "Solidarités": "charity",
    "Sport": "social",
}


@dataclass(frozen=True, slots=True)
class State:
    """What a state of the file means here: the stage, how many of `MILESTONES` are released, and in words.

    `released` is None where there is no campaign yet; `abandoned`: the campaign was stopped and refunded.
    """

    stage: Stage
    released: int | None
    said: Text
    abandoned: bool = False


MILESTONES = (3_000, 5_000, 2_000)
"""Shares of works begun, works done, handed over: basis points of the budget."""

STATES = {
    "NON DEMARRE": State("team", None, Text(ru="не начат", en="not begun")),
    "ETUDES": State("design", None, Text(ru="изыскания", en="studies")),
    "PROCEDURES": State("financing", 0, Text(ru="закупки", en="procurement")),
    "TRAVAUX": State("implementation", 1, Text(ru="работы", en="works")),
    "LIVRAISON": State("implementation", 2, Text(ru="сдача", en="handing over")),
    "FIN": State("completed", 3, Text(ru="завершён", en="completed")),
    "ABANDONNÉ": State("financing", 0, Text(ru="оставлен", en="abandoned"), abandoned=True),
}

COLUMNS = (
    *("thematique", "echelle_bp", "identifiant_projet_gagnant", "adresse_projet_gagnant"),
    *("arrondissement_projet_gagnant", "budget_global_projet_gagnant", "titre_projet_gagnant"),
    *("direction_pilote_projet", "edition", "avancement_projet"),
)
DATES = {
    "debut_etudes_projet": Text(ru="Изыскания", en="Studies"),
    "lancement_procedure_projet": Text(ru="Закупки", en="Procurement"),
    "lancement_travaux_projet": Text(ru="Работы", en="Works"),
    "livraison_prev_projet": Text(ru="Сдача по плану", en="Delivery as planned"),
    "ouverture_projet": Text(ru="Открытие", en="Opening"),
}
WHOLE_CITY = "Budget participatif parisien"
DISTRICTS = 20
DATE = re.compile(r"(?!2099)20\d\d-(0[1-9]|1[0-2])")
ORIGIN = Text(
    ru="Взято из открытых данных города Парижа о победителях бюджета участия.",
    en="Taken from the open data of the City of Paris on the winners of its participatory budget.",
)
"""What stands for the papers of the first stages."""
SOURCE = "bp_projets_gagnants, Ville de Paris (ODbL)"


@dataclass(frozen=True, slots=True)
class Found:
    """A project as the file gives it. `budget`: euro cents; `edition`: year of the vote."""

    line: int
    id: str
    kind: Kind
    state: State
    edition: int
    budget: int
    document: ProjectDocument


@dataclass(slots=True)
class Import:
    """What a file holds: projects in its order, and remarks by line."""

    rows: int
    projects: list[Found] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def doubts(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.taken]


def read(path: Path) -> Import:
    """Reads the file. A row whose number, theme, state, year or budget is not understood is left out and
    remarked upon. Raises `BadFile`.
    """
    given = table(read_text(path), path, COLUMNS)
    result = Import(len(given))
    lines: dict[str, int] = {}
    for line, row in given:
        found = _found(line, row, lines, result.remarks)
        if found:
            lines[found.id] = line
            result.projects.append(found)
    return result


def _found(
    line: int, row: Mapping[str, str], lines: Mapping[str, int], remarks: list[Remark]
) -> Found | None:
    id, title = row["identifiant_projet_gagnant"], row["titre_projet_gagnant"]

    def remark(column: str, reason: str, taken: bool = False) -> None:
        remarks.append(Remark(line, id, title, column, row[column], reason, taken))

    before = len(remarks)
    if not id:
        remark("identifiant_projet_gagnant", "missing")
    elif id in lines:
        remark("identifiant_projet_gagnant", f"line {lines[id]} has the same number")
    for column, known in (("thematique", KINDS), ("avancement_projet", STATES)):
        if row[column] not in known:
            remark(column, f"is none of {', '.join(known)}")
    if not re.fullmatch(r"20\d\d", row["edition"]):
        remark("edition", "not a year")
    if not re.fullmatch(r"[1-9]\d{0,11}", row["budget_global_projet_gagnant"]):
        remark("budget_global_projet_gagnant", "not a positive number of whole euros")
    if len(remarks) > before:
        return None
    if not title or _unknown(title):
        title = f"Projet {id}"
        remark("titre_projet_gagnant", "no title: named by its number", taken=True)
    if row["echelle_bp"] != WHOLE_CITY and not _district(row):
        remark(
            "arrondissement_projet_gagnant", f"Paris has {DISTRICTS} arrondissements: left away", taken=True
        )
    return Found(
        line,
        id,
        KINDS[row["thematique"]],
        STATES[row["avancement_projet"]],
        int(row["edition"]),
        int(row["budget_global_projet_gagnant"]) * 100,
        _document(title, row),
    )


def _document(title: str, row: Mapping[str, str]) -> ProjectDocument:
    """The titles are French in both languages; what is said of them is in each."""
    return ProjectDocument(
        title=Text(ru=title, en=title),
        summary=Text(
            ru=f"Победитель бюджета участия Парижа {row['edition']} года.",
            en=f"Won in the participatory budget of Paris, {row['edition']}.",
        ),
        description=Text(ru=_described(row, "ru"), en=_described(row, "en")),
    )


def _described(row: Mapping[str, str], language: str) -> str:
    named = {
        "ru": ("Тема", "Округ", "Место", "Ведёт", "Состояние", "Номер", "Источник"),
        "en": ("Theme", "Arrondissement", "Place", "Led by", "State", "Number", "Source"),
    }[language]
    said = (
        row["thematique"],
        _district(row),
        row["adresse_projet_gagnant"],
        row["direction_pilote_projet"],
        getattr(STATES[row["avancement_projet"]].said, language),
        row["identifiant_projet_gagnant"],
        SOURCE,
    )
    dates = [
        (getattr(name, language), row[column])
        for column, name in DATES.items()
        if DATE.fullmatch(row.get(column, ""))
    ]
    told = [*zip(named[:5], said[:5], strict=True), *dates, *zip(named[5:], said[5:], strict=True)]
    return "\n".join(f"{name}: {value}." for name, value in told if value and not _unknown(value))


def _district(row: Mapping[str, str]) -> str:
    """The number of the arrondissement; empty where it is the whole city's, or no such number."""
    number = row["arrondissement_projet_gagnant"]
    within = number.isdigit() and 1 <= int(number) <= DISTRICTS
    return number if within and row["echelle_bp"] != WHOLE_CITY else ""


def _unknown(value: str) -> bool:
    return value.upper() in ("NON REGISTRE", "NON REGISTRÉ", "NON ENCORE FIXE")
