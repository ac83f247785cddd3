"""D15: the market of clouds concentrates, and then no more; only changes are scored."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D15",
    title="Leaders gain, then rest",
    title_id="Pemimpin pasar menguat, lalu mendatar",
    sentence="The first three providers gain fifteen points of the market in five years, and none in the three after.",
    sentence_id="Tiga penyedia teratas menambah lima belas poin pangsa pasar dalam lima tahun, dan tidak bertambah dalam tiga tahun "
    "sesudahnya.",
    mechanism="market of clouds with scale and switching",
    mechanism_id="pasar awan dengan skala dan perpindahan",
    kind="tested",
    scenario=None,
    waits_for="a market of providers (issue 18)",
    waits_for_id="pasar penyedia awan (isu 18)",
    measures=(
        Measure(
            "rise",
            "Change of the first three's share, 2017 to 2022",
            "Perubahan pangsa tiga teratas, 2017 sampai 2022",
            0.15, 0.1, 0.2, "share of market", "2017 to 2022", "Synergy Research: 0.50 to 0.65", "B",
            ("a table of providers' shares by month",),
        ),
        Measure(
            "rest",
            "Change of the first three's share, 2022 to 2025",
            "Perubahan pangsa tiga teratas, 2022 sampai 2025",
            -0.02, -0.07, 0.03, "share of market", "2022 to 2025", "Synergy Research: 0.65 to 0.63", "B",
            ("a table of providers' shares by month",),
        ),
        Measure(
            "leader",
            "Change of the leader's share, 2017 to 2022",
            "Perubahan pangsa penyedia teratas, 2017 sampai 2022",
            0.0, -0.05, 0.05, "share of market", "2017 to 2022", "Synergy Research: 0.33 in both years", "B",
            ("a table of providers' shares by month",),
        ),
    ),
    null=Null(
        "persistence",
        "Shares stay as they were.",
        "Pangsa tetap seperti semula.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
    note="Levels are inputs of the start and are not scored.",
    note_id="Tingkat awal adalah masukan dan tidak dinilai.",
)  # fmt: skip
