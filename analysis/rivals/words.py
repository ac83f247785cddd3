"""What the table of rivals says, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.rivals import result
from analysis.validation.words import LANGUAGES, place

VERDICTS: Mapping[str, str] = {
    result.RIVAL: "hanya teori saingan",
    result.BOTH: "keduanya",
    result.NEITHER: "tidak keduanya",
    result.UNKNOWN: "tidak dapat dikatakan",
    result.ALONE: "hanya model",
    result.BEHIND: "teori saingan lebih baik",
    result.LEVEL: "tidak terbedakan",
    result.AHEAD: "model lebih baik",
}
"""Indonesian of the verdicts; English is the word itself."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("The model beside rival theories", "Model di samping teori saingan"),
    "lead": (
        "Nulls and rival theories say who signs with whom in place of the model's bargaining. All else is the model, and the seeds are the "
        "same.",
        "Hipotesis nol dan teori saingan menentukan siapa menandatangani dengan siapa, menggantikan tawar-menawar model. Selebihnya adalah "
        "model, dengan benih yang sama.",
    ),
    "no_better": ("Where the model does no better", "Di mana model tidak lebih baik"),
    "better": ("Where the model does better", "Di mana model lebih baik"),
    "nowhere": ("Nowhere.", "Tidak ada."),
    "table": ("Everything in one table", "Semuanya dalam satu tabel"),
    "figure": ("Who signs with whom, 2010 to 2018", "Siapa menandatangani dengan siapa, 2010 sampai 2018"),
    "figure_reads": (
        "A mark is the area under precision-recall, in thousandths: 1,000 ranks all who signed first. Lines are 95 % intervals over "
        "resampled parties. The upright line is a score that is the same for all.",
        "Tanda adalah luas di bawah kurva presisi-recall, dalam perseribu: 1,000 berarti semua penandatangan berperingkat teratas. Garis "
        "adalah selang 95 % dari penyampelan ulang pihak. Garis tegak adalah nilai yang sama untuk semua.",
    ),
    "model_mark": ("The model", "Model"),
    "rival_mark": ("Rivals", "Teori saingan"),
    "alike_mark": ("All alike", "Semua sama"),
    "rivals": ("The rivals", "Teori saingan"),
    "how_to_read": ("How to read it", "Cara membacanya"),
    "rule_facts": (
        "A fact is one thing the world did, with a band for each of its numbers. A number is in band if its median over seeds is, and at "
        "least half of the seeds are. A fact is in band if all its numbers are. Intervals of medians are of order statistics, at 95 %.",
        "Fakta adalah satu hal yang terjadi di dunia, dengan rentang untuk setiap angkanya. Sebuah angka berada dalam rentang bila median "
        "semua benih demikian, dan sekurangnya separuh benih demikian. Fakta terpenuhi bila semua angkanya demikian. Selang median dari "
        "statistik urutan, pada 95 %.",
    ),
    "rule_apart": (
        "A fact tells the model from a rival only if it is in band for the model and missed by the rival. “Same in every seed” means that "
        "the number does not read who signs.",
        "Fakta membedakan model dari teori saingan hanya bila terpenuhi oleh model dan meleset pada teori itu. “Sama di setiap benih” "
        "berarti angka itu tidak membaca siapa yang menandatangani.",
    ),
    "rule_area": (
        "Who signs with whom is scored on 2010 to 2018 alone. “Model less rival” is over the same resamples. The model ranks better only "
        "if that interval lies above zero.",
        "Siapa menandatangani dengan siapa dinilai pada 2010 sampai 2018 saja. “Model dikurangi saingan” memakai sampel ulang yang sama. "
        "Model lebih baik hanya bila selang itu di atas nol.",
    ),
    "limits": ("What these numbers cannot bear", "Batas angka-angka ini"),
    "none": ("none", "tidak ada"),
    "waiting": ("Not scored yet: {facts}. They have no scenario.", "Belum dinilai: {facts}. Skenarionya belum ada."),
    "row": ("Number", "Angka"),
    "class": ("class", "kelas"),
    "band": ("band {low} to {high}", "rentang {low} sampai {high}"),
    "world": ("the world {number}", "dunia nyata {number}"),
    "sign": ("the world: sign only", "dunia nyata: hanya arahnya"),
    "to": ("{low} to {high}", "{low} sampai {high}"),
    "share": ("{verdict}, {some} of {all}", "{verdict}, {some} dari {all}"),
    "same": ("same in every seed", "sama di setiap benih"),
    "not_lived": ("not lived", "tidak dijalankan"),
    "whole_fact": ("Who is in band", "Siapa dalam rentang"),
    "backtest": (
        "Who signs with whom, 2010 to 2018: {signed} of {all} dyads signed; a score of none reads {random} thousandths",
        "Siapa menandatangani dengan siapa, 2010 sampai 2018: {signed} dari {all} pasangan menandatangani; nilai tanpa pembedaan terbaca "
        "{random} perseribu",
    ),
    "area": ("Area under precision-recall, thousandths", "Luas di bawah kurva presisi-recall, perseribu"),
    "difference": ("Model less rival, thousandths", "Model dikurangi saingan, perseribu"),
    "share_better": ("Resamples in which the model is better", "Sampel ulang dengan model lebih baik"),
    "least": ("Least area without one party, thousandths", "Luas terkecil tanpa satu pihak, perseribu"),
    "hits": ("Signed, of the first 60 dyads", "Menandatangani, dari 60 pasangan teratas"),
    "partner": ("Median rank of the partner", "Median peringkat mitra"),
    "dyads": ("Dyads that signed, a run", "Pasangan yang menandatangani, per simulasi"),
    "ranked": ("Who ranks better", "Siapa lebih baik"),
    "and": (" and ", " dan "),
    "every": ("every rival", "semua teori saingan"),
    "who": ("Who signs with whom", "Siapa menandatangani dengan siapa"),
    "says_rival": (
        "{fact}: in band for {rivals}, and missed by the model.",
        "{fact}: terpenuhi oleh {rivals}, dan meleset pada model.",
    ),
    "says_both": (
        "{fact}: in band for the model, and for {rivals}, too. The fact does not tell them apart.",
        "{fact}: terpenuhi oleh model, dan juga oleh {rivals}. Fakta ini tidak membedakannya.",
    ),
    "says_neither": ("{fact}: missed by the model, and by {rivals}, too.", "{fact}: meleset pada model, dan juga pada {rivals}."),
    "says_unknown": ("{fact}: no verdict beside {rivals}.", "{fact}: tanpa putusan di samping {rivals}."),
    "says_alone": (
        "{fact}: in band for the model, and missed by {rivals}.",
        "{fact}: terpenuhi oleh model, dan meleset pada {rivals}.",
    ),
    "says_behind": (
        "{fact}: ranked better by {rivals}, whose interval of the difference leaves zero out.",
        "{fact}: diperingkat lebih baik oleh {rivals}, dengan selang selisih yang tidak memuat nol.",
    ),
    "says_level": (
        "{fact}: the model is level with {rivals}. The difference may be zero.",
        "{fact}: model setara dengan {rivals}. Selisihnya mungkin nol.",
    ),
    "says_not_ranked": ("{fact}: no verdict beside {rivals}.", "{fact}: tanpa putusan di samping {rivals}."),
    "says_ahead": ("{fact}: the model ranks better than {rivals}.", "{fact}: model memeringkat lebih baik daripada {rivals}."),
    "says_same": (
        "All numbers are the same in every seed under {rivals}: the fact does not read who signs.",
        "Semua angka sama di setiap benih dengan {rivals}: fakta ini tidak membaca siapa yang menandatangani.",
    ),
    "finding": (
        "{alone} of {all} tested facts tell the model from every rival, and it ranks who signs better than {ahead} of {rivals} rivals.",
        "{alone} dari {all} fakta teruji membedakan model dari semua teori saingan, dan model memeringkat penandatangan lebih baik "
        "daripada {ahead} dari {rivals} teori saingan.",
    ),
    "figure_finding": (
        "The model has an area of {model} thousandths. Rivals: {rivals}.",
        "Luas model adalah {model} perseribu. Teori saingan: {rivals}.",
    ),
    "how": ("Where this comes from", "Asal angka ini"),
    "repeat": ("On the same code, this command gives the same numbers.", "Dengan kode yang sama, perintah ini memberi angka yang sama."),
    "commit": ("Commit", "Komit"),
    "digest": ("Digest of the model's source and tables", "Digest sumber dan tabel model"),
    "seeds": ("Seeds", "Benih"),
    "resamples": ("Resamples of parties", "Sampel ulang pihak"),
}


def say(key: str, language: str) -> str:
    """Return a phrase of the page."""
    return WORDS[key][place(language)]


def verdict(word: str, language: str) -> str:
    """Return who gets a number right, or who ranks better, in a language."""
    return word if language == "en" else VERDICTS[word]


def listed(words: Sequence[str], language: str) -> str:
    """Write words side by side.

    >>> listed(["gravity", "coercion", "luck"], "en")
    'gravity, coercion and luck'
    """
    return say("and", language).join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


__all__ = ["LANGUAGES", "VERDICTS", "WORDS", "listed", "say", "verdict"]
