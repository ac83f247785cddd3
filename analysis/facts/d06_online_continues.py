"""D6: online, talks that had begun go on, and few begin."""

from __future__ import annotations

from analysis.columns import counted, covers, events, ledger, nothing, ratio, within
from analysis.facts import Fact, Floats, Measure, Null, Pairs
from analysis.store import StoredRun
from sim.types import month_index

CHANNELS = ("visit", "summit", "call", "video", "message")
LAST_OPEN = month_index("2020-02")
"""The last month before borders closed: talks opened by then are old ones."""
CLOSED = (month_index("2020-04"), month_index("2021-12"))
"""From the month in which most borders closed to the last one that the indicator of closure covers in full."""


def new_over_old(pairs: Pairs) -> Floats:
    """Return what closure left of talks begun, over what it left of old talks concluded."""
    begun = ratio(events(pairs.run, "negotiation_opened", CLOSED), events(pairs.other, "negotiation_opened", CLOSED))
    return ratio(begun, ratio(_old_concluded(pairs.run), _old_concluded(pairs.other)))


def _old_concluded(run: StoredRun) -> Floats:
    if not covers(run, CLOSED):
        return nothing(run)
    opened = ledger(run, ["negotiation"], [("event", "==", "negotiation_opened"), ("month", "<=", LAST_OPEN)])
    old = set(zip(opened["row"].tolist(), opened["negotiation"].tolist(), strict=True))
    ended = ledger(run, ["negotiation"], [("event", "==", "negotiation_concluded"), *within(CLOSED)])
    kept = [one in old for one in zip(ended["row"].tolist(), ended["negotiation"].tolist(), strict=True)]
    return counted(run, ended["row"][kept])


FACT = Fact(
    id="D6",
    title="Online continues, rarely begins",
    title_id="Daring melanjutkan, jarang memulai",
    sentence="When meetings go online, talks begun fall by more than old talks concluded.",
    sentence_id="Ketika pertemuan pindah ke daring, perundingan baru turun lebih banyak daripada perundingan lama yang selesai.",
    mechanism="what a video meeting begins and what it carries on",
    mechanism_id="apa yang dimulai dan apa yang dilanjutkan oleh pertemuan video",
    kind="calibrated",
    scenario="pandemic_lockdown",
    twin=True,
    measures=(
        Measure(
            "new_over_old",
            "Talks begun over old talks concluded, against open borders",
            "Perundingan baru dibagi perundingan lama yang selesai, terhadap perbatasan terbuka",
            None, 0.0, 0.6, "ratio", "2020 to 2021", "Bjola and Manor (2022), International Affairs 98(2): the sign alone is sourced", "A",
            ("events.parquet: month, event, negotiation, of the run and of its twin",), new_over_old,
        ),
    ),
    null=Null(
        "channels_begin_alike",
        "Every channel begins talks alike.",
        "Setiap saluran memulai perundingan dengan cara yang sama.",
        settings={f"mechanisms.bargaining.start_{channel}": 0.3 for channel in CHANNELS},
    ),
    note="How readily a video event begins talks was assumed after this source. Old talks are those opened by 2020-02; both counts run "
    "from "
    "2020-04 to 2021-12.",
    note_id="Kemudahan acara video memulai perundingan diasumsikan dari sumber ini. Perundingan lama adalah yang dibuka sampai 2020-02; "
    "kedua "
    "hitungan mencakup 2020-04 sampai 2021-12.",
)  # fmt: skip
