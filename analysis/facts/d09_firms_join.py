"""D9: firms join a second framework in two years as many as joined the first in thirteen."""

from __future__ import annotations

from analysis.facts import Fact, Floats, Measure, Null, Observable, Pairs
from analysis.frameworks import frameworks, mean_of


def firms(months: int) -> Observable:
    """Return the firms certified some months after a framework that replaces one that was struck down has entered into force."""

    def of(pairs: Pairs) -> Floats:
        run, found = pairs.run, []
        series, first, last = run.series("certified_firms"), int(run.months[0]), int(run.months[-1])
        for one in frameworks(run):
            then = one.in_force + months
            lives = one.in_force >= 0 and then <= last and not 0 <= one.ended <= then
            if lives and one.before is not None and one.before.stage == "annulled":
                found.append((one.run, float(series[one.run, then - first])))
        return mean_of(run, found)

    return of


FACT = Fact(
    id="D9",
    title="Firms join faster the second time",
    title_id="Perusahaan bergabung lebih cepat pada kali kedua",
    sentence="A second framework has after two years the firms that the first took some thirteen years to reach.",
    sentence_id="Kerangka kedua dalam dua tahun mencapai jumlah perusahaan yang dicapai kerangka pertama dalam sekitar tiga belas tahun.",
    mechanism="certified firms by framework",
    mechanism_id="perusahaan bersertifikat menurut kerangka",
    kind="tested",
    scenario="eu_us_transfers",
    measures=(
        Measure(
            "year_1",
            "Firms in the second framework after 1 year",
            "Perusahaan dalam kerangka kedua setelah 1 tahun",
            2400.0, 1800.0, 3000.0, "firms", "2017", "Katten", "B",
            ("series.parquet: certified_firms; instruments.parquet: in_force, ended and successor_of of frameworks of the EU and the US",),
            firms(12), kind="calibrated",
        ),
        Measure(
            "year_2_3",
            "Firms in the second framework after 2.3 years",
            "Perusahaan dalam kerangka kedua setelah 2,3 tahun",
            4000.0, 3000.0, 5000.0, "firms", "2018", "Fox Rothschild, quoting the US Department of Commerce", "B",
            ("series.parquet: certified_firms; instruments.parquet: in_force, ended and successor_of of frameworks of the EU and the US",),
            firms(28),
        ),
    ),
    null=Null(
        "nobody_comes_back",
        "Firms that were certified under the last framework are as slow as all others.",
        "Perusahaan yang bersertifikat di bawah kerangka terakhir sama lambatnya dengan yang lain.",
        settings={"mechanisms.certification.coming_back": 0.0},
    ),
    note="The pace of firms that come back was set on the count after one year, and their number on that of 2020.",
    note_id="Laju perusahaan yang kembali ditetapkan dari hitungan setelah satu tahun, dan jumlahnya dari hitungan tahun 2020.",
)  # fmt: skip
