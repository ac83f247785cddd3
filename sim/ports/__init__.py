"""Ports: what one room may read of a part that lies in another, and who may be called in a month, each as a type of its own.

A port names what passes through it and nothing else. Terms are read-only numbers of one part (:class:`BargainingTerms`,
:class:`ContactTerms`, :class:`CourtTerms`, :class:`LawTerms`, :class:`LinkTerms`, :class:`MarketTerms`, :class:`PlatformTerms`,
:class:`PoliticsTerms`, :class:`RatificationTerms`, :class:`TradeTerms`, :class:`TrustTerms`). A part says
``offers: ClassVar = (BargainingTerms,)``, and a part whose rules read them, here or in a room below, says ``needs``. Assembly binds each
port to the one part that offers it (:mod:`sim.ports.binding`), and whoever holds a setting asks ``setting.terms(BargainingTerms)``. Two
ports come with a run, not with a part: the :class:`Hand` that works on talks, which whoever decides brings along, and :class:`Watcher`,
which subscribes to a world.
"""

from sim.ports.bargaining import BargainingTerms
from sim.ports.binding import bind
from sim.ports.contacts import ContactTerms
from sim.ports.courts import CourtTerms
from sim.ports.hand import Hand
from sim.ports.law import LawTerms
from sim.ports.links import LinkTerms
from sim.ports.market import MarketTerms
from sim.ports.platforms import Held, PlatformTerms
from sim.ports.politics import PoliticsTerms
from sim.ports.ratification import RatificationTerms
from sim.ports.trade import TradeTerms
from sim.ports.trust import TrustTerms
from sim.ports.watchers import Watcher, Watchers

__all__ = [
    "BargainingTerms",
    "ContactTerms",
    "CourtTerms",
    "Hand",
    "Held",
    "LawTerms",
    "LinkTerms",
    "MarketTerms",
    "PlatformTerms",
    "PoliticsTerms",
    "RatificationTerms",
    "TradeTerms",
    "TrustTerms",
    "Watcher",
    "Watchers",
    "bind",
]
