"""D1: when borders close, a head of state travels no more and calls instead."""

from __future__ import annotations

import numpy as np

from analysis.columns import covers, ledger, nothing, of_head, within, year
from analysis.facts import Fact, Floats, Measure, Null, Observable, Pairs

HEAD = "CHN"
ANY_MEETING = ("visit", "summit", "call", "video")
ONLINE = ("call", "video")
LEDGER = ("events.parquet: month, event, channel, rank, party_a, party_b",)


def visited(number: int) -> Observable:
    """Count the different states that the head visits in a year: those to whom a visit was opened by the head."""

    def of(pairs: Pairs) -> Floats:
        run, span = pairs.run, year(number)
        if not covers(run, span):
            return nothing(run)
        filters = [("event", "==", "contact"), ("rank", "==", "head"), ("channel", "==", "visit"), ("party_a", "==", HEAD), *within(span)]
        found = ledger(run, ["party_b"], filters)
        return np.array([len(set(found["party_b"][found["row"] == row])) for row in range(run.n_runs)], dtype=np.float64)

    return of


def _contacts(number: int, channels: tuple[str, ...]) -> Observable:
    return lambda pairs: of_head(pairs.run, HEAD, channels, year(number))


def _visits(name: str, number: int, seen: float) -> Measure:
    return Measure(
        name,
        f"States visited by China's head in {number}",
        f"Negara yang dikunjungi kepala negara Tiongkok pada {number}",
        seen, 0.0, 2.0, "states a year", str(number), "The Diplomat, January 2024", "B", LEDGER, visited(number),
    )  # fmt: skip


FACT = Fact(
    id="D1",
    title="Calls replace visits",
    title_id="Telepon menggantikan kunjungan",
    sentence="When borders close a head of state stops travelling, and calls and video events exceed a hundred a year.",
    sentence_id="Ketika perbatasan ditutup kepala negara berhenti bepergian, dan telepon serta acara video melebihi seratus setahun.",
    mechanism="choice of channel under closure",
    mechanism_id="pilihan saluran saat perbatasan ditutup",
    kind="calibrated",
    scenario="pandemic_lockdown",
    measures=(
        _visits("visits_2020", 2020, 1.0),
        _visits("visits_2021", 2021, 0.0),
        Measure(
            "contacts_2020",
            "Meetings, calls and video events of China's head in 2020",
            "Pertemuan, telepon, dan acara video kepala negara Tiongkok pada 2020",
            109.0, 85.0, 145.0, "contacts a year", "2020", "Wang Yi to Xinhua: 87 meetings and calls, 22 events by video", "A",
            LEDGER, _contacts(2020, ANY_MEETING),
        ),
        Measure(
            "contacts_2021",
            "Calls and video events of China's head in 2021",
            "Telepon dan acara video kepala negara Tiongkok pada 2021",
            119.0, 85.0, 145.0, "contacts a year", "2021", "Xinhua, 2 and 3 January 2022: 79 calls, 40 events by video", "A",
            LEDGER, _contacts(2021, ONLINE),
        ),
    ),
    null=Null(
        "open_borders",
        "The same world with open borders: visits must not stop there.",
        "Dunia yang sama dengan perbatasan terbuka: kunjungan tidak boleh berhenti di sana.",
        settings={"shocks.travel_closure.strength": 0.0},
        on=("visits_2020", "visits_2021"),
    ),
    note="Heads' hours and how readily a call begins talks were set with these numbers in view. A visit counts for the side that opened "
    "it. The source counts meetings within the 87 of 2020. The level before closure, 13.8 states a year from 2013 to 2019, is not scored: "
    "too few visits with open borders would not be seen here.",
    note_id="Jam kepala negara dan mudahnya telepon memulai perundingan ditetapkan dengan melihat angka ini. Kunjungan dihitung bagi pihak "
    "yang memulainya. Angka 87 pada 2020 mencakup pertemuan. Tingkat sebelum penutupan, 13,8 negara setahun dari 2013 sampai 2019, tidak "
    "dinilai: kunjungan yang terlalu sedikit dengan perbatasan terbuka tidak akan tampak di sini.",
)  # fmt: skip
