"""What agreements do, as data: each consequence in its own file, filled into the table of instruments when one is signed or listed."""

from sim.consequences.adds_trade import TRADE, AddsTrade
from sim.consequences.base import (
    INSTRUMENTS,
    Adds,
    Consequence,
    Covers,
    Made,
    Rate,
    a_parameter,
    an_issue,
    columns_of,
    consequence,
)
from sim.consequences.builds import COST, OVERHEAD, Builds
from sim.consequences.frees_data import FreesData
from sim.consequences.guides import Guides
from sim.consequences.hands_over import HandsOver
from sim.consequences.lasts import Lasts
from sim.consequences.older import older, speaks_older
from sim.consequences.pays import Pays
from sim.consequences.resolved import Doings
from sim.consequences.said import check_does, declaring, felt, frees, told
from sim.consequences.shares import Shares
from sim.consequences.subsidises import Subsidises
from sim.consequences.trains import Trains
from sim.consequences.undertakes import Undertakes

SHIPPED: tuple[type[Consequence], ...] = (
    AddsTrade, Builds, FreesData, Guides, HandsOver, Lasts, Pays, Shares, Subsidises, Trains, Undertakes,
)  # fmt: skip
"""The consequences of this room."""

__all__ = [
    "COST",
    "INSTRUMENTS",
    "OVERHEAD",
    "SHIPPED",
    "TRADE",
    "Adds",
    "AddsTrade",
    "Builds",
    "Consequence",
    "Covers",
    "Doings",
    "FreesData",
    "Guides",
    "HandsOver",
    "Lasts",
    "Made",
    "Pays",
    "Rate",
    "Shares",
    "Subsidises",
    "Trains",
    "Undertakes",
    "a_parameter",
    "an_issue",
    "check_does",
    "columns_of",
    "consequence",
    "declaring",
    "felt",
    "frees",
    "older",
    "speaks_older",
    "told",
]
