"""What the meetings of bodies are called, and the state that they declare."""

from __future__ import annotations

from sim.data.further.bodies import HYBRID, UNTOLD, USUAL
from sim.declare.arrays import Array, Axis, array, axis
from sim.declare.words import Word, event

WORDS: tuple[Word, ...] = (
    event(
        "sitting", "Sitting", "Sidang",
        "A body meets at its host, in the room (summit) or on a screen (video); the value is the number of acts it passes.",
        "Sebuah lembaga bersidang di tuan rumahnya, di ruangan (pertemuan puncak) atau lewat layar (video); nilainya jumlah keputusan.",
        columns=("party_a", "party_b", "channel", "rank", "value"), public="everyone", listed=False,
    ),
    event(
        "sitting_lost", "Sitting not held", "Sidang batal", "A meeting of a body is not held, since too few of its members can attend.",
        "Sidang sebuah lembaga tidak diadakan karena terlalu sedikit anggota yang dapat hadir.",
        columns=("party_a", "rank"), public="everyone", listed=False,
    ),
    event(
        "mediation", "Mediation", "Mediasi", "At a body's meeting, talks of two members that are not on good terms are helped along.",
        "Pada sidang sebuah lembaga, perundingan dua anggota yang kurang akrab dibantu maju.",
        columns=("party_a", "party_b", "type", "talk", "channel"), mark="chevrons",
        said="helped along by a body", said_id="dibantu lembaga",
    ),
    event(
        "reception", "Reception", "Pertemuan dengan organisasi",
        "A head, minister or official of a state meets the head of an organisation.",
        "Kepala negara, menteri, atau pejabat suatu negara bertemu pemimpin sebuah organisasi.",
        columns=("party_a", "channel", "rank"), public="everyone", listed=False,
    ),
)  # fmt: skip

STATE: tuple[Array | Axis, ...] = (
    axis("body", of="body_names", meaning="bodies that meet by calendar"),
    array(
        "attendance_rule",
        ("body",),
        start=USUAL,
        forcing=True,
        low=USUAL,
        high=HYBRID,
        unit="code",
        meaning="how one attends: 0 as usual, 1 in the room only, 2 recorded, 3 on a screen, 4 hybrid",
    ),
    array(
        "share_in_person",
        ("body",),
        start=UNTOLD,
        forcing=True,
        low=UNTOLD,
        high=1.0,
        unit="share",
        meaning="share of meetings in the room under a hybrid rule; -1 where it is left to who can come",
    ),
    array(
        "hosting",
        ("body",),
        dtype="int32",
        start=-1,
        refers="party",
        unit="party",
        meaning="state where it meets this month, -1 where it does not",
    ),
    array("attending", ("body",), unit="share", meaning="members present at this month's meetings"),
    array("met_in_person", ("body",), dtype="int32", unit="meetings", meaning="meetings held in the room this month"),
    array("met_online", ("body",), dtype="int32", unit="meetings", meaning="meetings held on a screen this month"),
    array("not_met", ("body",), dtype="int32", unit="meetings", meaning="meetings of this month that were not held"),
    array("screen_seats", ("body",), dtype="int32", unit="seats", meaning="members who could take part on a screen this month"),
    array(
        "met_on",
        ("body",),
        dtype="int8",
        start=-1,
        unit="platform",
        refers="platform",
        meaning="platform of most members at this month's meetings on a screen",
    ),
    array(
        "hours_sat",
        ("party", "rank"),
        unit="hours a month",
        meaning="hours that meetings of bodies take in a usual month, as borders stand",
    ),
    array("acts", ("body",), dtype="int32", unit="acts", meaning="acts passed this month"),
    array("of_body", ("events",), dtype="int8", start=-1, refers="body", unit="body", meaning="which body met, or helped talks along"),
)
