"""What the ledger's own events mean, in both languages, and how each is shown.

Contacts and attendance are declared by the mechanisms that raise them; what parts add they declare themselves (:mod:`sim.declare.words`).
"""

from __future__ import annotations

from sim.declare.words import EventWord, Shown, event

_TALK = ("party_a", "party_b", "type", "talk")
_CONFERENCE = ("party_a", "type", "conference", "value")
_INSTRUMENT = ("party_a", "party_b", "type", "talk", "instrument", "conference")

EVENT_WORDS: tuple[EventWord, ...] = (
    event(
        "negotiation_opened", "Negotiation opened", "Perundingan dibuka", "Two parties open talks on a type of agreement.",
        "Dua pihak membuka perundingan tentang suatu jenis perjanjian.", columns=_TALK,
    ),
    event(
        "negotiation_concluded", "Negotiation concluded", "Perundingan disepakati", "Talks between two parties end with a text.",
        "Perundingan dua pihak berakhir dengan sebuah naskah.", columns=_TALK,
    ),
    event(
        "negotiation_failed", "Negotiation failed", "Perundingan gagal", "Talks between two parties end without a text, for a reason.",
        "Perundingan dua pihak berakhir tanpa naskah, karena suatu alasan.", columns=(*_TALK, "reason"), mark="down", lane="ended",
        said="talks failed", said_id="perundingan gagal",
    ),
    event(
        "signature", "Signature", "Penandatanganan", "Parties sign the text on which they agreed.",
        "Para pihak menandatangani naskah yang mereka sepakati.", columns=(*_INSTRUMENT, "value"), public="everyone", mark="circle",
        lane="made", said="signed", said_id="ditandatangani",
    ),
    event(
        "entry_into_force", "Entry into force", "Mulai berlaku", "What was signed begins to bind.",
        "Yang telah ditandatangani mulai mengikat.", columns=_INSTRUMENT, public="everyone", mark="tick", said="in force",
        said_id="berlaku",
    ),
    event(
        "completion", "Completion", "Selesai", "What was promised has been delivered in full, and the agreement ends.",
        "Yang dijanjikan telah dipenuhi seluruhnya, dan perjanjian berakhir.", columns=(*_INSTRUMENT, "reason"), public="everyone",
        mark="square", lane="ended", said="completed", said_id="selesai", ends=True,
    ),
    event(
        "expiry", "Expiry", "Habis masa berlaku", "The agreed term of an agreement is over.",
        "Jangka waktu perjanjian yang disepakati telah lewat.", columns=(*_INSTRUMENT, "reason"), public="everyone", mark="box",
        lane="ended", said="expired", said_id="habis masanya", ends=True,
    ),
    event(
        "termination", "Termination", "Pengakhiran", "An agreement ends before its time, for a reason.",
        "Sebuah perjanjian berakhir sebelum waktunya, karena suatu alasan.", columns=(*_INSTRUMENT, "reason"), public="everyone",
        mark="cross", lane="ended", said="ended early", said_id="berakhir sebelum waktunya", ends=True,
        shown=(
            Shown(mark="broken", said="ended, as a breach was not made good", said_id="diakhiri karena pelanggaran tidak dipulihkan",
                  reasons=("not_cured",)),
            Shown(mark="arrow_to_bar", said="ended after notice", said_id="berakhir setelah pemberitahuan",
                  reasons=("would_lose", "new_government", "others_left")),
        ),
    ),
    event(
        "bound", "Bound", "Terikat", "A state is bound by what its bloc, or the majority, has signed.",
        "Sebuah negara terikat oleh yang ditandatangani bloknya, atau oleh suara mayoritas.",
        columns=("party_a", "party_b", "type", "instrument", "conference", "reason"), listed=False,
    ),
    event(
        "membership_began", "Membership began", "Keanggotaan dimulai", "A state becomes a member of a bloc.",
        "Sebuah negara menjadi anggota sebuah blok.", columns=("party_a", "party_b"), public="everyone",
    ),
    event(
        "membership_ended", "Membership ended", "Keanggotaan berakhir", "A state ceases to be a member of a bloc.",
        "Sebuah negara tidak lagi menjadi anggota sebuah blok.", columns=("party_a", "party_b"), public="everyone",
    ),
    event(
        "action", "Action", "Tindakan", "A parameter of a rule is changed from outside while the run goes on.",
        "Sebuah parameter aturan diubah dari luar selagi simulasi berjalan.", columns=("value",),
    ),
    event(
        "released", "Released", "Dilepaskan", "A state is no longer bound by what its bloc has signed.",
        "Sebuah negara tidak lagi terikat oleh yang ditandatangani bloknya.", columns=("party_a", "party_b", "type", "instrument"),
        listed=False,
    ),
    event(
        "ratification", "Ratification", "Ratifikasi", "Those who must consent at home let pass what was signed.",
        "Mereka yang harus menyetujui di dalam negeri meloloskan yang telah ditandatangani.", columns=_INSTRUMENT, public="everyone",
        mark="plus", said="ratified", said_id="diratifikasi",
    ),
    event(
        "ratification_failed", "Ratification failed", "Ratifikasi gagal",
        "What was signed is refused at home, or given up before the vote.",
        "Yang telah ditandatangani ditolak di dalam negeri, atau dilepaskan sebelum pemungutan suara.", columns=(*_INSTRUMENT, "reason"),
        public="everyone", mark="cross", lane="ended", said="refused at home", said_id="ditolak di dalam negeri",
    ),
    event(
        "suspension", "Suspension", "Penangguhan", "An agreement in force does not bind for a time.",
        "Sebuah perjanjian yang berlaku untuk sementara tidak mengikat.", columns=(*_INSTRUMENT, "reason"), public="everyone", ends=True,
        mark="bars", said="suspended", said_id="ditangguhkan", crisis=True,
    ),
    event(
        "resumption", "Resumption", "Dilanjutkan kembali", "A suspended agreement binds again.",
        "Sebuah perjanjian yang ditangguhkan mengikat kembali.", columns=(*_INSTRUMENT, "reason"), public="everyone", mark="right",
        said="resumed", said_id="berlaku kembali",
    ),
    event(
        "continued", "Continued", "Diteruskan", "A state that leaves its bloc stays bound in its own name.",
        "Sebuah negara yang keluar dari bloknya tetap terikat atas namanya sendiri.",
        columns=("party_a", "party_b", "type", "instrument", "conference"), public="everyone",
    ),
    event(
        "conference_opened", "Conference opened", "Konferensi dibuka", "A party calls others to a conference on a type of agreement.",
        "Sebuah pihak mengundang pihak lain ke konferensi tentang suatu jenis perjanjian.", columns=_CONFERENCE, public="everyone",
    ),
    event(
        "conference_left", "Conference left", "Konferensi ditinggalkan", "A party leaves a conference before it ends.",
        "Sebuah pihak meninggalkan konferensi sebelum usai.", columns=(*_CONFERENCE, "reason"), public="everyone_but_why",
    ),
    event(
        "conference_concluded", "Conference concluded", "Konferensi disepakati", "A conference ends with a text.",
        "Sebuah konferensi berakhir dengan naskah.", columns=_CONFERENCE, public="everyone",
    ),
    event(
        "conference_failed", "Conference failed", "Konferensi gagal", "A conference ends without a text, for a reason.",
        "Sebuah konferensi berakhir tanpa naskah, karena suatu alasan.", columns=(*_CONFERENCE, "reason"), public="everyone",
    ),
    event(
        "accession", "Accession", "Aksesi", "An outsider joins a treaty in force.", "Pihak luar bergabung dengan traktat yang berlaku.",
        columns=_INSTRUMENT, public="everyone", mark="plus", said="acceded", said_id="ikut bergabung",
    ),
    event(
        "accession_refused", "Accession refused", "Aksesi ditolak", "The parties to a treaty refuse an outsider that would join.",
        "Para pihak pada traktat menolak pihak luar yang ingin bergabung.", columns=(*_INSTRUMENT, "reason"), public="everyone",
    ),
    event(
        "denunciation", "Denunciation", "Pernyataan mundur", "A party to a treaty gives notice that it will leave it.",
        "Sebuah pihak pada traktat menyatakan akan keluar.", columns=(*_INSTRUMENT, "reason"), public="everyone",
        mark="arrow", said="notice given", said_id="memberi tahu akan keluar", crisis=True,
    ),
    event(
        "withdrawal", "Withdrawal", "Penarikan diri", "A party leaves a treaty, or what it signed, and is no longer bound.",
        "Sebuah pihak keluar dari traktat, atau dari yang ditandatanganinya, dan tidak lagi terikat.", columns=(*_INSTRUMENT, "reason"),
        public="everyone", mark="arrow_to_bar", lane="ended", said="left", said_id="keluar",
    ),
    event(
        "move", "Move", "Langkah", "Whoever plays a seat makes a move at the table.", "Pemain sebuah kursi melangkah di meja perundingan.",
        columns=(*_TALK, "value"),
    ),
    event(
        "annulment", "Annulment", "Pembatalan", "A court's ruling ends an agreement.", "Putusan pengadilan mengakhiri sebuah perjanjian.",
        columns=(*_INSTRUMENT, "reason"), public="everyone", mark="crossed_box", lane="ended", said="annulled", said_id="dibatalkan",
        ends=True, crisis=True,
    ),
    event(
        "succession", "Succession", "Penggantian", "A later agreement of the same parties takes the place of this one.",
        "Perjanjian baru di antara pihak yang sama menggantikan yang ini.", columns=(*_INSTRUMENT, "reason"), public="everyone",
        mark="chevrons", lane="ended", said="replaced", said_id="digantikan", ends=True,
    ),
)  # fmt: skip
"""Every event that the ledger and the doors raise themselves."""
