"""D3: closure comes fast and goes slowly; a check that the recorded input reaches the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.columns import covers, nothing, over_time
from analysis.facts import Fact, Floats, Measure, Null, Observable, Pairs
from sim.types import month_index

SHOCK = "travel_closure"


def shut(label: str) -> Observable:
    """Return the share of states whose borders are nearer to a total closure than to a ban on some, in a month."""

    def of(pairs: Pairs) -> Floats:
        run, month = pairs.run, month_index(label)
        if not covers(run, (month, month)):
            return nothing(run)
        codes, values = over_time(run, "closure")
        states = np.isin(codes, run.roster.codes)
        at = values[:, states, int(np.searchsorted(run.months, month))]
        return np.asarray((at >= _between(pairs)).mean(axis=1), dtype=np.float64)

    return of


def _between(pairs: Pairs) -> float:
    """Return the closure halfway between a ban on some (level 3) and a total one (level 4), in the settings of the run."""
    told: Mapping[str, Any] = next((one for one in pairs.run.config.get("shocks") or () if one.get("kind") == SHOCK), {})
    return (float(told.get("ban", 0.85)) + float(told.get("total", 1.0))) / 2


def _month(name: str, label: str, seen: float) -> Measure:
    return Measure(
        name,
        f"Share of states closed to all in {label}",
        f"Bagian negara yang tertutup sepenuhnya pada {label}",
        seen, seen - 0.05, seen + 0.05, "share of states", label, "OxCGRT, indicator C8, monthly means of 185 states", "A",
        ("panels.parquet: closure",), shut(label),
    )  # fmt: skip


FACT = Fact(
    id="D3",
    title="Closure as recorded",
    title_id="Penutupan seperti tercatat",
    sentence="Two thirds of states close to all within two months; half of them have reopened in part four months later.",
    sentence_id="Dua pertiga negara menutup diri sepenuhnya dalam dua bulan; separuhnya membuka sebagian empat bulan kemudian.",
    mechanism="the forcing: it is given, and read back",
    mechanism_id="masukan penutupan: diberikan, lalu dibaca kembali",
    kind="echo",
    scenario="pandemic_lockdown",
    measures=(_month("april", "2020-04", 0.69), _month("august", "2020-08", 0.29), _month("december", "2020-12", 0.11)),
    null=Null(
        "open_borders",
        "The same world with open borders, in which nothing closes.",
        "Dunia yang sama dengan perbatasan terbuka, di mana tidak ada yang ditutup.",
        settings={"shocks.travel_closure.strength": 0.0},
    ),
    note="An echo shows that the input is read as it stands, and nothing about the model. States without the indicator follow an "
    "assumption.",
    note_id="Gema hanya menunjukkan bahwa masukan dibaca apa adanya. Negara tanpa indikator mengikuti asumsi.",
)
