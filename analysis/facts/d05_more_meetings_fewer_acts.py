"""D5: a dense body meets more often online, and passes fewer binding acts."""

from __future__ import annotations

import numpy as np

from analysis.columns import counted, covers, ledger, nothing, ratio, within
from analysis.facts import Fact, Floats, Measure, Null, Pairs
from analysis.store import StoredRun
from sim.types import month_index

BODY = "EU"
COUNCILS = ("council_of_the_eu", "european_council")
"""Bodies of the EU that pass acts."""
CHANNELS = ("visit", "summit", "call", "video", "message")
CLOSED = (month_index("2020-04"), month_index("2021-12"))
"""From the month in which most borders closed to the last one that the indicator of closure covers in full."""


def meetings(pairs: Pairs) -> Floats:
    """Return the change in meetings of members' heads and ministers with each other, against open borders, as a share."""
    return ratio(_meetings(pairs.run), _meetings(pairs.other)) - 1.0


def acts(pairs: Pairs) -> Floats:
    """Return the change in acts that the EU's councils pass, against open borders, as a share."""
    return ratio(_acts(pairs.run), _acts(pairs.other)) - 1.0


def _acts(run: StoredRun) -> Floats:
    """Count the acts passed at the meetings of the councils."""
    if not covers(run, CLOSED):
        return nothing(run)
    found = ledger(run, ["value"], [("event", "==", "sitting"), ("of_body", "in", list(COUNCILS)), *within(CLOSED)])
    return np.bincount(found["row"], weights=found["value"], minlength=run.n_runs).astype(np.float64)


def _meetings(run: StoredRun) -> Floats:
    """Count them: visits, summits and video events, in which many can take part; calls and messages are none."""
    if not covers(run, CLOSED):
        return nothing(run)
    filters = [
        ("event", "==", "contact"), ("channel", "in", ["visit", "summit", "video"]), ("rank", "in", ["head", "minister"]), *within(CLOSED),
    ]  # fmt: skip
    found = ledger(run, ["party_a", "party_b"], filters)
    members = list(run.roster.members.get(BODY, ()))
    return counted(run, found["row"][np.isin(found["party_a"], members) & np.isin(found["party_b"], members)])


FACT = Fact(
    id="D5",
    title="More meetings, fewer acts",
    title_id="Lebih banyak pertemuan, lebih sedikit keputusan",
    sentence="A body that meets often meets more often online, and passes fewer binding acts.",
    sentence_id="Lembaga yang sering bertemu makin sering bertemu secara daring, tetapi mengesahkan lebih sedikit keputusan mengikat.",
    mechanism="hours that travel takes, and what each channel yields",
    mechanism_id="jam yang dihabiskan untuk perjalanan, dan hasil tiap saluran",
    kind="tested",
    scenario="pandemic_lockdown",
    twin=True,
    measures=(
        Measure(
            "meetings",
            "Change in meetings among members of the EU",
            "Perubahan jumlah pertemuan antaranggota UE",
            1 / 3, 0.2, 0.7, "share", "2020", "European Parliamentary Research Service: 12 meetings by November against 8 to 9 a year", "A",
            ("events.parquet: month, event, channel, rank, party_a, party_b, of the run and of its twin",), meetings,
        ),
        Measure(
            "acts",
            "Change in acts that the councils of the EU pass",
            "Perubahan jumlah keputusan yang disahkan dewan-dewan UE",
            None, -0.4, -0.1, "share", "2020", "SWP working paper 2021/05: the sign alone is sourced", "A",
            ("events.parquet: month, event, of_body, value, of the run and of its twin",), acts,
        ),
    ),
    null=Null(
        "channels_yield_alike",
        "Every channel begins talks alike and carries them on alike, so that a screen passes as much as a room.",
        "Setiap saluran memulai dan melanjutkan perundingan dengan cara yang sama, sehingga layar mengesahkan sebanyak ruangan.",
        settings={
            **{f"mechanisms.bargaining.start_{channel}": 0.3 for channel in CHANNELS},
            **{f"mechanisms.bargaining.rounds_{channel}": 2 for channel in CHANNELS},
        },
        on=("acts",),
    ),
    note="How many meetings a screen adds was set with the European Council's in view; what a meeting on a screen passes was not.",
    note_id="Tambahan rapat lewat layar ditetapkan dengan melihat rapat Dewan Eropa; hasil tiap rapat lewat layar tidak.",
)  # fmt: skip
