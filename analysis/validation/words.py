"""What the page of the validation says, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.validation import result

LANGUAGES = ("en", "id")

VERDICTS: Mapping[str, str] = {
    result.MISSED: "meleset",
    result.HOLDS: "dalam rentang",
    result.UNDEFINED: "tidak terdefinisi",
    result.NO_SCENARIO: "belum ada skenario",
    result.NOT_STORED: "tidak ada di folder ini",
    result.FAILS: "gagal, sebagaimana mestinya",
    result.PASSES: "lolos, padahal tidak boleh",
    result.NOT_RUN: "tidak dijalankan",
    "echo": "gema",
    "calibrated": "terkalibrasi",
    "tested": "teruji",
}
"""Indonesian of the verdicts and classes; English is the word itself."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("What the model gets right, and what it does not", "Apa yang ditiru model dengan benar, dan apa yang tidak"),
    "lead": (
        "Stylised facts of cloud diplomacy beside what the model gives. Nothing is fitted here: the runs were lived, read and scored.",
        "Fakta ringkas diplomasi awan di samping hasil model. Tidak ada yang dicocokkan di sini: simulasi dijalankan, dibaca, dan dinilai.",
    ),
    "rule": (
        "A number is in band if its median over seeds is, and at least half of the seeds are. A fact holds if all its numbers are in band.",
        "Sebuah angka berada dalam rentang bila median semua benih demikian, dan sekurangnya separuh benih demikian. Sebuah fakta "
        "terpenuhi bila semua angkanya dalam rentang.",
    ),
    "classes": (
        "Echo: an input read back. Calibrated: a parameter was set with the number in view. Tested: neither.",
        "Gema: masukan dibaca kembali. Terkalibrasi: parameter ditetapkan dengan melihat angkanya. Teruji: bukan keduanya.",
    ),
    "misses": ("Missed", "Meleset"),
    "held": ("In band", "Dalam rentang"),
    "waiting": ("Not scored yet", "Belum dinilai"),
    "fact": ("Fact", "Fakta"),
    "number": ("The world", "Dunia nyata"),
    "band": ("Band", "Rentang"),
    "median": ("Median here", "Median di sini"),
    "interval": ("Interval", "Selang"),
    "share": ("Seeds in band", "Benih dalam rentang"),
    "class": ("Class", "Kelas"),
    "verdict": ("Verdict", "Penilaian"),
    "null": ("Null", "Hipotesis nol"),
    "source": ("Source (grade)", "Sumber (tingkat)"),
    "mechanism": ("Tests", "Menguji"),
    "needs": ("Needs", "Memerlukan"),
    "limits": ("Limits", "Batasan"),
    "none": ("None.", "Tidak ada."),
    "sign": ("sign only", "hanya arahnya"),
    "null_median": ("The null", "Hipotesis nol"),
    "figure": ("Where the medians lie in their bands", "Letak median dalam rentangnya"),
    "figure_reads": (
        "Each line is a number; the grey ground is its band, the mark its median and the line the interval. Arrows lie further out.",
        "Setiap baris adalah satu angka; dasar abu-abu adalah rentangnya, tanda adalah mediannya dan garis adalah selangnya. Panah berada "
        "lebih jauh di luar.",
    ),
    "how": ("Where this comes from", "Asal angka ini"),
    "repeat": ("Repeat it with", "Ulangi dengan"),
    "commit": ("Commit", "Commit"),
    "digest": ("Digest of the model and its data", "Sidik model dan datanya"),
    "seeds": ("Seeds", "Benih"),
    "folders": ("Folders", "Folder"),
    "interval_means": (
        "The interval of a median is made of order statistics and holds at 95 % from six seeds on.",
        "Selang median dibentuk dari statistik urutan dan berlaku pada 95 % mulai enam benih.",
    ),
    "in_band": ("{held} of {all} numbers are in band.", "{held} dari {all} angka berada dalam rentang."),
    "to": ("{low} to {high}", "{low} sampai {high}"),
    "of": ("{some} of {all}", "{some} dari {all}"),
    "lower": ("lower end", "batas bawah"),
    "upper": ("upper end", "batas atas"),
}


UNITS: Mapping[str, str] = {
    "states a year": "negara setahun",
    "contacts a year": "kontak setahun",
    "events a year": "acara setahun",
    "ratio": "rasio",
    "share of states": "bagian negara",
    "share of the usual": "bagian dari biasanya",
    "share": "bagian",
    "months": "bulan",
    "a year": "setahun",
    "firms": "perusahaan",
    "states a decade": "negara per dekade",
    "share of rules": "bagian aturan",
    "share of MW": "bagian MW",
    "share of market": "pangsa pasar",
    "states": "negara",
}
"""Indonesian of the units of our own facts; a fact of a user's own keeps its unit as it is written."""


def place(language: str) -> int:
    """Return where a language stands in a pair of sentences."""
    return LANGUAGES.index(language)


def unit(word: str, language: str) -> str:
    """Return a unit in a language."""
    return word if language == "en" else UNITS.get(word, word)


def say(key: str, language: str) -> str:
    """Return a phrase of the page."""
    return WORDS[key][place(language)]


def verdict(word: str, language: str) -> str:
    """Return a verdict or a class in a language."""
    return word if language == "en" else VERDICTS[word]
