"""What the page of the ablation says, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.ablation import result

LANGUAGES = ("en", "id")

VERDICTS: Mapping[str, str] = {
    result.SAME: "tidak mengubah apa pun",
    result.NOISE: "tidak mengubah apa pun di luar benih",
    result.UNKNOWN: "tidak dapat dikatakan",
    result.WHO: "hanya mengubah siapa yang menandatangani",
    result.OWN: "hanya mengubah kolomnya sendiri",
    result.BOTH: "mengubah keduanya",
}
"""Indonesian of the verdicts; English is the word itself."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("What each part is worth", "Berapa nilai setiap bagian"),
    "lead": (
        "Each mechanism and each layer of the alliance graph is switched off. Seeds are the same with and without it.",
        "Setiap mekanisme dan setiap lapisan graf aliansi dimatikan. Benihnya sama dengan dan tanpa bagian itu.",
    ),
    "own": (
        "Its own column is where a part should bite. The effect is the mean with the part, less the mean without it.",
        "Kolomnya sendiri adalah tempat suatu bagian seharusnya berpengaruh. "
        "Pengaruh adalah rerata dengan bagian itu, dikurangi rerata tanpanya.",
    ),
    "who": (
        "Who signs with whom moved by the share of signatures that went to other types and dyads. Seeds alone move some, too.",
        "Siapa yang menandatangani berubah sebesar bagian tanda tangan yang berpindah ke jenis dan pasangan lain. "
        "Benih saja pun mengubah sebagian.",
    ),
    "area": (
        "The area scores who signs with whom in 2010 to 2018 against {n} dyads that signed. It is small: see the backtest.",
        "Luas menilai siapa yang menandatangani pada 2010 sampai 2018 terhadap {n} pasangan yang menandatangani. "
        "Luas itu kecil: lihat uji balik.",
    ),
    "chances": (
        "A chance is that seeds alone part the worlds as far. Chances are held for all looks together (Holm), at 5 %.",
        "Peluang berarti benih saja memisahkan kedua dunia sejauh itu. Peluang dikoreksi untuk semua pengamatan (Holm), pada 5 %.",
    ),
    "limits": ("What these numbers cannot bear", "Batas angka-angka ini"),
    "none": ("none", "tidak ada"),
    "figure": ("Who signs with whom", "Siapa yang menandatangani dengan siapa"),
    "figure_reads": (
        "A dot is the share of signatures that moved. The bar is what seeds alone stay within 19 times of 20.",
        "Titik adalah bagian tanda tangan yang berpindah. Batang adalah jangkauan benih saja, 19 dari 20 kali.",
    ),
    "finding": (
        "{idle} of {all} forms change nothing beyond seeds.",
        "{idle} dari {all} bentuk tidak mengubah apa pun di luar benih.",
    ),
    "beyond": ("moved beyond seeds", "berpindah di luar benih"),
    "not_beyond": ("not beyond seeds", "tidak di luar benih"),
    "seeds_alone": ("seeds alone", "benih saja"),
    "idle": ("Change nothing", "Tidak mengubah apa pun"),
    "unknown": ("Cannot be told", "Tidak dapat dikatakan"),
    "moves": ("Change something", "Mengubah sesuatu"),
    "fixed": ("Cannot be switched off", "Tidak dapat dimatikan"),
    "form": ("Switched off", "Yang dimatikan"),
    "verdict": ("Verdict", "Putusan"),
    "effect": ("Effect on its column", "Pengaruh pada kolomnya"),
    "bare": ("{column}; {mean} without it", "{column}; {mean} tanpanya"),
    "held": ("Chance", "Peluang"),
    "moved": ("Signatures that moved", "Tanda tangan yang berpindah"),
    "noise": ("{share} by seeds alone", "{share} oleh benih saja"),
    "moved_held": ("Chance", "Peluang"),
    "area_effect": ("Area, thousandths", "Luas, perseribu"),
    "how": ("How to repeat it", "Cara mengulanginya"),
    "repeat": ("On the same code, this command gives the same numbers.", "Dengan kode yang sama, perintah ini memberi angka yang sama."),
    "commit": ("Commit", "Komit"),
    "digest": ("Digest of the model's source and tables", "Digest sumber dan tabel model"),
    "seeds": ("Seeds", "Benih"),
    "to": ("{low} to {high}", "{low} sampai {high}"),
}


def say(key: str, language: str) -> str:
    """Return a phrase of the page."""
    return WORDS[key][LANGUAGES.index(language)]


def verdict(word: str, language: str) -> str:
    """Return a verdict in a language."""
    return word if language == "en" else VERDICTS[word]
