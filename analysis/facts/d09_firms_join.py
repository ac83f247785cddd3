"""D9: firms join a second framework in two years as many as joined the first in thirteen."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D9",
    title="Firms join faster the second time",
    title_id="Perusahaan bergabung lebih cepat pada kali kedua",
    sentence="A second framework has after two years the firms that the first took some thirteen years to reach.",
    sentence_id="Kerangka kedua dalam dua tahun mencapai jumlah perusahaan yang dicapai kerangka pertama dalam sekitar tiga belas tahun.",
    mechanism="certified firms by framework",
    mechanism_id="perusahaan bersertifikat menurut kerangka",
    kind="tested",
    scenario=None,
    waits_for="courts and firms certified under a framework (issue 16)",
    waits_for_id="pengadilan dan perusahaan yang bersertifikat di bawah kerangka (isu 16)",
    measures=(
        Measure(
            "year_1",
            "Firms in the second framework after 1 year",
            "Perusahaan dalam kerangka kedua setelah 1 tahun",
            2400.0, 1800.0, 3000.0, "firms", "2017", "Katten", "B",
            ("a table of certified firms by framework and month",),
        ),
        Measure(
            "year_2_3",
            "Firms in the second framework after 2.3 years",
            "Perusahaan dalam kerangka kedua setelah 2,3 tahun",
            4000.0, 3000.0, 5000.0, "firms", "2018", "Fox Rothschild, quoting the US Department of Commerce", "B",
            ("a table of certified firms by framework and month",),
        ),
    ),
    null=Null(
        "constant_rate",
        "As many firms join every month.",
        "Setiap bulan bergabung perusahaan yang sama banyaknya.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
