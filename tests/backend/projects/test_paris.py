"""The importer of Paris' participatory budget, on seven made-up rows in the shape of the real file."""

from collections import Counter
from pathlib import Path

import pytest

from backend.content.documents import encode, read
from backend.kit.table import BadFile
from backend.projects import paris
from backend.projects.names import KINDS, STAGES

SAMPLE = Path(__file__).with_name("paris.csv")
HEADER, FIRST = SAMPLE.read_text(encoding="utf-8").splitlines()[:2]


@pytest.fixture
def file(tmp_path: Path):
    """Writes a file whose only row is the sample's first, but for what is given by column."""

    def write(**given: str) -> Path:
        row = dict(zip(HEADER.split(","), FIRST.split(","), strict=True)) | given
        path = tmp_path / "paris.csv"
        path.write_text(f"{HEADER}\n{','.join(row.values())}\n", encoding="utf-8")
        return path

    return write


def test_every_state_has_its_stage_and_its_money() -> None:
    found = paris.read(SAMPLE)
    assert [(p.id, p.state.stage, p.state.released, p.state.abandoned, p.budget) for p in found.projects] == [
        ("1", "completed", 3, False, 120_000_000),
        ("2", "design", None, False, 9_000_000),
        ("3", "financing", 0, False, 4_500_000),
        ("4", "implementation", 1, False, 7_000_100),
        ("5", "implementation", 2, False, 33_333_300),
        ("6", "financing", 0, True, 800_000),
        ("7", "team", None, False, 15_000_000),
    ]
    assert found.rows == 7
    assert found.doubts == []
    assert sum(paris.MILESTONES) == 10_000


def test_themes_are_kinds_of_the_ledger() -> None:
    assert len(paris.KINDS) == 11
    assert set(paris.KINDS.values()) <= set(KINDS)
    assert {state.stage for state in paris.STATES.values()} <= set(STAGES)
    assert Counter(p.kind for p in paris.read(SAMPLE).projects) == {
        "urbanist": 2, "social": 2, "development": 1, "creative_industry": 1, "charity": 1
    }  # fmt: skip


def test_descriptions_say_what_is_known_in_both_languages_and_leave_unknown_dates_away() -> None:
    first, second, third, *_, last = (p.document for p in paris.read(SAMPLE).projects)
    assert first.title.ru == first.title.en == "Des bancs à palabres"
    assert "Works: 2015-05." in first.description.en
    assert "Состояние: завершён." in first.description.ru
    assert "Arrondissement" not in first.description.en, "it is the whole city's"
    assert "Arrondissement: 13." in second.description.en
    assert "2099" not in second.description.en
    assert "Place:" not in third.description.en
    assert last.title.en == "Projet 7"
    assert read(encode(first)[1]) == first


def test_what_is_odd_is_remarked_upon_and_taken() -> None:
    found = paris.read(SAMPLE)
    assert [(r.line, r.field, r.value, r.taken) for r in found.remarks] == [
        (4, "arrondissement_projet_gagnant", "23", True),
        (8, "titre_projet_gagnant", "NON REGISTRÉ", True),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("identifiant_projet_gagnant", ""),
        ("thematique", "Astronomie"),
        ("avancement_projet", "RÊVÉ"),
        ("edition", "MMXIV"),
        ("budget_global_projet_gagnant", "-5"),
        ("budget_global_projet_gagnant", "1.5"),
        ("budget_global_projet_gagnant", "0"),
    ],
)
def test_a_row_that_is_not_understood_is_left_out_with_its_line(file, column: str, value: str) -> None:
    found = paris.read(file(**{column: value}))
    assert found.projects == []
    assert [(doubt.line, doubt.field, doubt.value) for doubt in found.doubts] == [(2, column, value)]


def test_a_number_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("\n".join([HEADER, FIRST, FIRST]), encoding="utf-8")
    found = paris.read(path)
    assert len(found.projects) == 1
    assert [doubt.reason for doubt in found.doubts] == ["line 2 has the same number"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadFile, match="there is no column `thematique`"):
        paris.read(path)
