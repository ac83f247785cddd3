"""D7: a deal is signed fast under a court's deadline, and slowly without one."""

from __future__ import annotations

from analysis.facts import Fact, Floats, Measure, Null, Pairs
from analysis.frameworks import Framework, frameworks, mean_of

TABLE = ("instruments.parquet: signed, ended, stage, successor_of and months_of_talks of transfer frameworks of the EU and the US",)


def under(pairs: Pairs) -> Floats:
    """Return the mean months from an annulment to the signature of what replaces it."""
    found = [(one.run, float(one.signed - one.before.ended)) for one in frameworks(pairs.run) if one.before and _struck(one)]
    return mean_of(pairs.run, found)


def without(pairs: Pairs) -> Floats:
    """Return the mean months of talks on what replaces a framework that no court had struck when they ended."""
    found = [(one.run, float(one.talks)) for one in frameworks(pairs.run) if one.before and not _struck(one) and one.talks >= 0]
    return mean_of(pairs.run, found)


def _struck(one: Framework) -> bool:
    before = one.before
    return before is not None and before.stage == "annulled" and 0 <= before.ended <= one.signed


FACT = Fact(
    id="D7",
    title="A deal under a deadline",
    title_id="Kesepakatan di bawah tenggat",
    sentence="Two sides that took two years to agree without a deadline agree in four months once a court has struck their deal down.",
    sentence_id="Dua pihak yang butuh dua tahun tanpa tenggat sepakat dalam empat bulan setelah pengadilan membatalkan perjanjian mereka.",
    mechanism="courts, and the cost of waiting under a ruling",
    mechanism_id="pengadilan, dan biaya menunggu setelah putusan",
    kind="tested",
    scenario="eu_us_transfers",
    measures=(
        Measure(
            "without",
            "Months from the demand for changes to the deal",
            "Bulan dari tuntutan perubahan sampai kesepakatan",
            26.0, 15.0, 40.0, "months", "2013 to 2016", "EUR-Lex, COM(2013) 846 and 847; European Commission, February 2016", "A",
            TABLE, without,
        ),
        Measure(
            "under",
            "Months from annulment to the deal",
            "Bulan dari pembatalan sampai kesepakatan",
            4.0, 2.0, 9.0, "months", "2015 to 2016", "CJEU C-362/14; European Commission, February 2016", "A",
            TABLE, under,
        ),
    ),
    null=Null(
        "no_deadline",
        "Teams hold no more sessions than usual once a text has been struck down.",
        "Tim tidak bersidang lebih sering dari biasanya setelah sebuah naskah dibatalkan.",
        settings={"mechanisms.courts.deadline_sessions": 0},
        on=("under",),
    ),
    note="How often teams meet under a deadline is assumed. That frameworks may be signed below the tests, how Safe Harbour is coded and "
    "how much of a ruling is heeded were chosen after a look at runs in which no successor came about. The world's 26 months count from a "
    "demand for changes, the model's from the opening of talks.",
    note_id="Seberapa sering tim bertemu di bawah tenggat merupakan asumsi. Bahwa kerangka boleh ditandatangani di bawah syarat, pengodean "
    "Safe Harbour, dan seberapa putusan diindahkan dipilih setelah melihat simulasi tanpa pengganti. Angka 26 bulan dihitung dari tuntutan "
    "perubahan, sedangkan model menghitung dari dimulainya perundingan.",
)  # fmt: skip
