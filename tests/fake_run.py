"""A run folder made up for tests of the readers: right in form, meaningless in number, the same every time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

State = tuple[str, str, str, float, float]

STATES: tuple[State, ...] = (
    ("BRA", "Brazil", "Americas", -15.8, -47.9),
    ("CHN", "China", "Asia", 39.9, 116.4),
    ("DEU", "Germany", "Europe", 52.5, 13.4),
    ("FJI", "Fiji", "Oceania", -18.1, 178.4),
    ("FRA", "France", "Europe", 48.9, 2.4),
    ("IDN", "Indonesia", "Asia", -6.2, 106.8),
    ("JPN", "Japan", "Asia", 35.7, 139.7),
    ("KEN", "Kenya", "Africa", -1.3, 36.8),
    ("TUV", "Tuvalu", "Oceania", -8.5, 179.2),
    ("USA", "United States", "Americas", 38.9, -77.0),
)
START, MONTHS = 24228, 84
CHANNELS = ("visit", "summit", "call", "video", "message")


def write(folder: Path, states: Sequence[State] = STATES, n_runs: int = 4, months: int = MONTHS) -> Path:
    """Write a complete run folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    luck = np.random.Generator(np.random.Philox(7))
    codes = [s[0] for s in states]
    parties = [*codes, "EU"]
    weight = 1.0 / (1.0 + luck.permutation(len(parties)))
    starting = [("adequacy_decision", "EU", "JPN"), ("digital_trade_agreement", "JPN", "USA"), ("transfer_framework", "EU", "USA")]
    events: list[dict[str, object]] = []
    series: list[dict[str, object]] = []
    panels: list[dict[str, object]] = []
    for run in range(n_runs):
        for type_, a, b in starting:
            events.append(_event(run, START - 1, "entry_into_force", a, b, type_))
        held = {"adequacy_decision": 1, "digital_trade_agreement": 1, "transfer_framework": 1, "infrastructure_pact": 0}
        for month in range(START, START + months):
            signed = {"infrastructure_pact": int(luck.poisson(0.9)), "transfer_framework": int(luck.poisson(0.4))}
            for type_, count in signed.items():
                for _ in range(count):
                    a, b = (parties[k] for k in luck.choice(len(parties), 2, replace=False, p=weight / weight.sum()))
                    if not {a, b} <= {"EU", "DEU", "FRA"}:
                        events.append(_event(run, month, "signature", a, b, type_))
                        events.append(_event(run, month + 2, "entry_into_force", a, b, type_))
                        held[type_] += 1
            season = 1.0 + 0.3 * np.sin(2 * np.pi * (month % 12) / 12)
            row: dict[str, object] = {"run": run, "month": month, "negotiations_open": 9.0 + luck.poisson(3)}
            for rank, channel in enumerate(CHANNELS):
                row[f"contacts_{channel}"] = float(luck.poisson((90, 12, 160, 40, 220)[rank] * season))
            row |= {f"in_force_{type_}": float(count) for type_, count in held.items()}
            row |= {f"new_signatures_{type_}": float(count) for type_, count in signed.items()}
            series.append(row)
        for k, code in enumerate(codes):
            for metric, value in (("capability", float(weight[k])), ("protection_firms", float(luck.uniform()))):
                panels.append({"run": run, "month": START + months - 1, "party": code, "metric": metric, "value": value})
    pq.write_table(pa.Table.from_pylist(series), folder / "series.parquet")
    pq.write_table(pa.Table.from_pylist(events), folder / "events.parquet")
    pq.write_table(pa.Table.from_pylist(panels), folder / "panels.parquet")
    scalars = [{"run": run, "seed": run, "signatures": 3.0} for run in range(n_runs)]
    pq.write_table(pa.Table.from_pylist(scalars), folder / "scalars.parquet")
    (folder / "manifest.json").write_text(json.dumps(_manifest(folder.name, states, n_runs, months)), encoding="utf-8")
    return folder


def _event(run: int, month: int, event: str, a: str, b: str, type_: str) -> dict[str, object]:
    identity = f"{type_} {'+'.join(sorted((a, b)))} {month // 24}"
    return {"run": run, "month": month, "event": event, "party_a": a, "party_b": b, "type": type_, "instrument": identity}


def _manifest(name: str, states: Sequence[State], n_runs: int, months: int) -> dict[str, object]:
    members = [s[0] for s in states if s[0] in ("DEU", "FRA")]
    return {
        "schema": 1,
        "status": "complete",
        "id": name,
        "config_digest": "0" * 32,
        "config": {"scenario": "baseline", "start": "2019-01", "end": "2025-12"},
        "seeds": list(range(n_runs)),
        "source_digest": "1" * 32,
        "versions": {"python": "3.11", "numpy": "2.4"},
        "assumed": ["weights of capability (assumed)"],
        "filled": ["cybersecurity: 3 of 193 states filled by the median of the subregion"],
        "roster": {
            "codes": [s[0] for s in states],
            "names": [s[1] for s in states],
            "regions": [s[2] for s in states],
            "lat": [s[3] for s in states],
            "lon": [s[4] for s in states],
            "blocs": ["EU"],
            "bloc_names": ["European Union"],
            "members": {"EU": members},
        },
        "metrics": {"contacts_visit": {"unit": "contacts a month", "title": "Visits", "sentence": "Visits held.", "axis": "month"}},
    }
