"""What the ledger's reasons mean, in both languages: why a negotiation failed or a stage changed."""

from __future__ import annotations

from sim.declare.words import ReasonWord, reason

REASON_WORDS: tuple[ReasonWord, ...] = (
    reason("none", "None", "Tidak ada", "No reason is called for.", "Tidak diperlukan alasan."),
    reason(
        "no_zone", "No zone", "Tidak ada wilayah kesepakatan", "No text is better for both sides than their reservation values.",
        "Tidak ada naskah yang lebih baik bagi kedua pihak daripada nilai reservasi mereka.",
    ),
    reason(
        "no_text", "No text", "Tidak ada naskah", "The floors and ceilings of the issues leave no text.",
        "Batas bawah dan batas atas isu tidak menyisakan naskah apa pun.",
    ),
    reason(
        "deadline", "Deadline", "Tenggat", "The rounds are used up before the sides agree.",
        "Putaran habis sebelum kedua pihak sepakat.", in_vain=True,
    ),
    reason(
        "refused", "Refused", "Ditolak", "One side refuses the text on the table.", "Satu pihak menolak naskah di meja perundingan.",
        in_vain=True,
    ),
    reason(
        "lapsed", "Lapsed", "Gugur sendiri", "Nobody has taken the talks up for too long.",
        "Sudah terlalu lama tidak ada yang melanjutkan perundingan.",
    ),
    reason(
        "competence_lost", "Competence lost", "Kehilangan kewenangan", "A side may no longer speak for itself on this.",
        "Satu pihak tidak lagi berwenang berbicara atas namanya sendiri dalam hal ini.",
    ),
    reason(
        "funds_disbursed", "Funds disbursed", "Dana telah dibayarkan", "All that was promised has been paid.",
        "Semua yang dijanjikan telah dibayarkan.",
    ),
    reason("term_ended", "Term ended", "Jangka waktu habis", "The agreed term is over.", "Jangka waktu yang disepakati telah lewat."),
    reason(
        "no_win_set", "No win set", "Tidak ada himpunan menang", "No text would pass at home on both sides.",
        "Tidak ada naskah yang akan lolos di dalam negeri pada kedua pihak.",
    ),
    reason(
        "not_ratifiable", "Not ratifiable", "Tidak dapat diratifikasi", "A side expects that the text would fall at home.",
        "Satu pihak menduga naskah itu akan jatuh di dalam negeri.",
    ),
    reason(
        "not_ratified", "Not ratified", "Tidak diratifikasi", "Those who must consent at home refuse the text.",
        "Mereka yang harus menyetujui di dalam negeri menolak naskah.",
    ),
    reason(
        "withdrawn", "Withdrawn", "Ditarik kembali", "The government no longer wants what it signed.",
        "Pemerintah tidak lagi menginginkan yang telah ditandatanganinya.",
    ),
    reason(
        "too_few", "Too few", "Terlalu sedikit", "Fewer parties are left than it takes.",
        "Pihak yang tersisa kurang dari yang diperlukan.",
    ),
    reason(
        "would_lose", "Would lose", "Akan merugi", "A party would be worse off than without an agreement.",
        "Sebuah pihak akan lebih rugi daripada tanpa perjanjian.",
    ),
    reason(
        "outvoted", "Outvoted", "Kalah suara", "The others decide against a party.",
        "Pihak-pihak lain memutuskan berlawanan dengannya.",
    ),
    reason(
        "left_bloc", "Left bloc", "Keluar dari blok", "A state has left the bloc whose law bound it.",
        "Sebuah negara telah keluar dari blok yang hukumnya mengikatnya.",
    ),
    reason(
        "linked_fell", "Linked fell", "Pasangan tautannya gugur", "The other half of the package has fallen.",
        "Bagian lain dari paket itu telah gugur.",
    ),
    reason(
        "misjudged", "Misjudged", "Salah perkiraan", "A side asked for more than the other would bear.",
        "Satu pihak meminta lebih dari yang dapat diterima pihak lain.", in_vain=True,
    ),
    reason(
        "walked_away", "Walked away", "Meninggalkan meja", "The player of a side leaves the talks.",
        "Pemain satu pihak meninggalkan perundingan.",
    ),
    reason(
        "barred", "Barred", "Dilarang", "Sanctions or a war bar the two from agreements.",
        "Sanksi atau perang melarang keduanya membuat perjanjian.",
    ),
    reason(
        "outbid", "Outbid", "Kalah tawaran", "A rival of the other side offers more than these talks can.",
        "Pesaing menawarkan lebih banyak daripada yang dapat diberikan perundingan ini.",
    ),
    reason(
        "not_equivalent", "Not equivalent", "Tidak setara", "The law that was screened does not protect as much as the judge's own.",
        "Hukum yang diperiksa tidak melindungi setara dengan hukum penilai.",
    ),
    reason(
        "struck_down", "Struck down", "Dibatalkan pengadilan", "A court finds that the text protects people too little.",
        "Pengadilan menilai naskah itu kurang melindungi masyarakat.",
    ),
    reason(
        "replaced", "Replaced", "Digantikan", "A later agreement of the same parties takes its place.",
        "Perjanjian baru di antara pihak yang sama mengambil tempatnya.",
    ),
    reason(
        "not_cured", "Not cured", "Tidak diperbaiki", "A broken word is not made good in time.",
        "Janji yang dilanggar tidak dipulihkan tepat waktu.",
    ),
    reason(
        "in_kind", "In kind", "Pembalasan setimpal", "The other side stops keeping its word as well.",
        "Pihak lain ikut berhenti menepati janjinya.",
    ),
    reason(
        "new_government", "New government", "Pemerintahan baru", "A new government does not want what an earlier one signed.",
        "Pemerintahan baru tidak menghendaki yang ditandatangani pendahulunya.",
    ),
    reason(
        "others_left", "Others left", "Yang lain keluar", "Others have left agreements of the kind.",
        "Pihak lain telah keluar dari perjanjian sejenis.",
    ),
    reason(
        "renewed", "Renewed", "Diperbarui", "The parties let it run for another term.", "Para pihak memperpanjangnya untuk satu masa lagi.",
    ),
)  # fmt: skip
"""Every reason of the model's own."""
