"""A small world in which much happens at tables of many: treaties are made, joined, refused at home, denounced and left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worlds import tree

ASEAN = ["BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"]
STATES = sorted([*ASEAN, "AUT", "CHN", "DEU", "FRA", "GBR", "ITA", "JPN", "KAZ", "RUS", "TUV", "USA"])
BOTH = ["security_treaty", "regional_market"]
TABLES_OF_UN = Path(__file__).resolve().parents[1] / "sim" / "data" / "un"


def summits(**over: Any) -> dict[str, Any]:
    """Return the tree of a world of conferences, laid over by keys."""
    return tree(
        **{
            "end": "2023-05",
            "roster": {"states": STATES},
            "negotiated": BOTH,
            "agreements": {
                "security_treaty": {"threshold": 3, "months_to_force": 2, "reports": 0.012, "upkeep": 1e5},
                "regional_market": {"months_to_force": 2},
            },
            "mechanisms": {
                "conferences": {
                    "call_rate": 0.1,
                    "call_rate_bloc": 2.0,
                    "months_base": 2.0,
                    "months_per_party": 0.1,
                    "months_between": 1,
                    "rest_after_failure": 6,
                    "accession_rate": 2.0,
                    "patience": 1,
                    "notice": 3,
                },
                "ratification": {"months_majority": 2.0, "spread": 0.5, "scatter": 2.0, "own_error": 2.0},
            },
            **over,
        }
    )


def with_tables(folder: Path, **tables: str) -> dict[str, Any]:
    """Return a data setting in which a user's tables (name: csv text) replace ours."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return {"data": {"folder": str(folder)}}


def replaced(table: str, old: str, new: str) -> str:
    """Return one of our tables with a line changed or added (``old`` empty: at the end)."""
    text = (TABLES_OF_UN / f"{table}.csv").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new) if old else text + new
