"""What contacts are called, and the state that they declare."""

from __future__ import annotations

from sim.declare.arrays import Array, Axis, array, axis
from sim.declare.words import Word, channel, event, occasion

WORDS: tuple[Word, ...] = (
    event(
        "contact", "Contact", "Kontak", "A visit, a meeting at a summit, a call, a video event or a message between two parties.",
        "Kunjungan, pertemuan puncak, telepon, acara video, atau surat antara dua pihak.",
        columns=("party_a", "party_b", "channel", "rank", "occasion"), listed=False,
    ),
    channel("visit", "Visit", "Kunjungan", "One side travels to the other.", "Satu pihak mendatangi pihak lain.",
            plural="Visits", plural_id="Kunjungan", colour="orange"),
    channel("summit", "Summit", "Pertemuan puncak", "Both sides meet at a gathering of many.",
            "Kedua pihak bertemu dalam temu banyak pihak.",
            plural="Summit meetings", plural_id="Pertemuan puncak", colour="vermilion"),
    channel("call", "Call", "Telepon", "Both sides speak by telephone.", "Kedua pihak berbicara lewat telepon.",
            plural="Telephone calls", plural_id="Telepon", colour="blue"),
    channel("video", "Video", "Video", "Both sides see each other on a screen.", "Kedua pihak bertatap muka lewat layar.",
            plural="Video meetings", plural_id="Pertemuan video", colour="green"),
    channel("message", "Message", "Surat", "One side writes to the other.", "Satu pihak menulis kepada pihak lain.",
            plural="Messages", plural_id="Surat", colour="pink"),
    occasion("routine", "Routine", "Rutin", "Nothing in particular called for the contact.",
             "Tidak ada hal khusus di balik kontak itu."),
    occasion("negotiation", "Negotiation", "Perundingan", "Talks between the two are open.",
             "Perundingan keduanya sedang berlangsung."),
    occasion("prospect", "Prospect", "Harapan", "A deal with the other looks good.",
             "Kesepakatan dengan pihak lain tampak menguntungkan."),
    occasion("summit", "Summit", "Pertemuan puncak", "Both attend the same summit.",
             "Keduanya menghadiri pertemuan puncak yang sama."),
    occasion("election", "Election", "Pemilihan umum", "The other side has just voted.",
             "Pihak lain baru saja memilih."),
)  # fmt: skip

STATE: tuple[Array | Axis, ...] = (
    array("elected", ("party",), dtype=bool, unit="0/1", meaning="held an election this month"),
    array(
        "vote_shift",
        ("party",),
        forcing=True,
        low=-1.0,
        high=1.0,
        unit="probability a month",
        meaning="added to the chance that the state votes: 1 where it does this month, -1 where it does not",
    ),
    array("summit", ("edge",), dtype=bool, unit="0/1", meaning="both attend the same summit this month"),
    array("contact_weight", ("edge",), unit="share of the mean", meaning="standing part of the weight of a partner, over the mean of all"),
    axis("rank", names=("head", "minister", "official"), meaning="who holds a contact"),
    array("hour_price", ("party", "rank"), unit="worth an hour", meaning="what an hour of a rank costs: what the last contact brought"),
    array("hours_used", ("party", "rank"), unit="hours", meaning="hours spent on own contacts this month"),
    array("hours_given", ("party", "rank"), unit="hours a month", meaning="hours given to contacts that others opened, in past months"),
    array("meetings", ("party",), start=0.5, unit="share of staff", meaning="part of the staff that meetings kept at work in past months"),
    array("role", ("type", "edge"), dtype="int8", start=-1, unit="role", meaning="role the owner would take, -1 where none"),
    array(
        "prospect",
        ("type", "edge"),
        unit="bp of GDP a year",
        meaning="owner's gain if the difference were split, 0 where either side would lose",
    ),
    array(
        "linked_prospect",
        ("package", "edge"),
        unit="bp of GDP a year",
        meaning="owner's gain by a package of two linked types, 0 where either side would lose",
    ),
    array(
        "linked_roles",
        ("package", "edge"),
        dtype="int8",
        start=-1,
        unit="roles",
        meaning="roles the owner would take in it, 2 first + second, -1 where none",
    ),
)
