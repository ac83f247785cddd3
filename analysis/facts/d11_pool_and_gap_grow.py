"""D11: a common pool of research data grows, and the gap between rich and poor contributors with it."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D11",
    title="The pool grows, and the gap",
    title_id="Himpunan data tumbuh, begitu pula kesenjangan",
    sentence="A common pool of research data grows several-fold while the gap per head between rich and poor contributors widens.",
    sentence_id="Himpunan data riset bersama tumbuh berlipat, sementara kesenjangan per kapita antara penyumbang kaya dan miskin melebar.",
    mechanism="who can contribute to a research commons",
    mechanism_id="siapa yang mampu menyumbang ke data riset bersama",
    kind="tested",
    scenario=None,
    waits_for="a research commons with contributors by capacity (issue 19)",
    waits_for_id="data riset bersama dengan penyumbang menurut kapasitas (isu 19)",
    measures=(
        Measure(
            "total",
            "Growth of the pool",
            "Pertumbuhan himpunan data",
            5.0, 3.0, 7.0, "ratio", "2021 to 2022", "Ohlsen and others (2022), Emerging Infectious Diseases 28(13)", "A",
            ("a table of contributions by state and month",),
        ),
        Measure(
            "gap",
            "Growth of the ratio per head, high over low income",
            "Pertumbuhan rasio per kapita, pendapatan tinggi dibagi rendah",
            1342 / 141, 3.0, 100.0, "ratio", "2021 to 2022", "Ohlsen and others (2022), Table 2: 141 to 1,342; only above 3 is asked, "
            "100 closes the band", "A",
            ("a table of contributions by state and month",),
        ),
    ),
    null=Null(
        "in_proportion",
        "States contribute in proportion to cases.",
        "Negara menyumbang sebanding dengan jumlah kasus.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
