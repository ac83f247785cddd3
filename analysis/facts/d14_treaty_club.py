"""D14: a treaty of a club gains a few parties a year, and its norms spread twice as far."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D14",
    title="A club grows in a line",
    title_id="Klub perjanjian tumbuh lurus",
    sentence="A cyber-crime treaty gains three or four parties a year and stalls at a third of states; its norms reach two thirds.",
    sentence_id="Perjanjian kejahatan siber mendapat tiga atau empat pihak setahun dan berhenti di sepertiga negara; normanya mencapai "
    "dua pertiga.",
    mechanism="joining a treaty, and copying its law without joining",
    mechanism_id="bergabung dengan perjanjian, dan meniru hukumnya tanpa bergabung",
    kind="tested",
    scenario=None,
    waits_for="conventions joined over decades beside domestic cyber law (issue 19)",
    waits_for_id="konvensi yang diikuti selama puluhan tahun di samping hukum siber nasional (isu 19)",
    measures=(
        Measure(
            "parties",
            "Parties fifteen years after entry into force",
            "Jumlah pihak lima belas tahun setelah berlaku",
            64.0, 50.0, 75.0, "states", "2019", "Council of Europe, via journalsofindia", "B",
            ("events.parquet: bound and released, by month",),
        ),
        Measure(
            "slope",
            "New parties a year",
            "Pihak baru per tahun",
            3.5, 3.0, 4.0, "states a year", "2001 to 2022", "Council of Europe: 66 parties by January 2022; three to four a year", "B",
            ("events.parquet: bound and released, by month",),
        ),
        Measure(
            "law_over_parties",
            "States with such law over parties",
            "Negara dengan hukum serupa dibagi jumlah pihak",
            1.9, 1.5, 2.4, "ratio", "2021", "Council of Europe: 124 states with law, 66 parties", "A",
            ("panels of domestic cyber law by state and month",),
        ),
    ),
    null=Null(
        "linear_trend",
        "As many states join every year, whoever they are.",
        "Setiap tahun bergabung negara yang sama banyaknya, siapa pun mereka.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
