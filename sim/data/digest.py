"""The digest of a roster's content: equal content gives an equal digest on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from sim.data.data_centres import Shared
from sim.data.digital import Digital
from sim.data.elections import Elections
from sim.data.further.bodies import Bodies
from sim.data.further.courts import Courts
from sim.data.further.ground import Cut
from sim.data.further.leaks import Leaks
from sim.data.further.platforms import Bridges, Clouds, Video
from sim.data.further.regions import Limits, Regions
from sim.data.further.trade_agreements import TradeAgreements
from sim.data.further.vaccines import Vaccines
from sim.data.network import Network
from sim.data.records import Competence, DecisionRule, InstitutionRow, InstrumentRow
from sim.data.spells import Spells
from sim.data.ties import Tie


def digest_of(content: Mapping[str, object]) -> str:
    """Return the BLAKE2b digest (32 hexadecimal digits) of named content: arrays as little-endian bytes, mappings by sorted key."""
    digest = hashlib.blake2b(digest_size=16)

    def add(thing: object) -> None:
        if isinstance(thing, np.ndarray):
            little = np.ascontiguousarray(thing.astype(thing.dtype.newbyteorder("<")))
            digest.update(f"{little.dtype.str}{little.shape}".encode())
            digest.update(little.tobytes())
        elif isinstance(thing, Mapping):
            for key in sorted(thing):
                add(key)
                add(thing[key])
        elif isinstance(thing, (tuple, list)):
            digest.update(f"[{len(thing)}".encode())
            for part in thing:
                add(part)
        elif isinstance(
            thing,
            (
                Competence,
                DecisionRule,
                InstitutionRow,
                InstrumentRow,
                Tie,
                Spells,
                Elections,
                TradeAgreements,
                Courts,
                Leaks,
                Video,
                Bridges,
                Clouds,
                Bodies,
                Vaccines,
                Network,
                Cut,
                Shared,
                Regions,
                Limits,
                Digital,
            ),
        ):
            add(vars(thing))
        else:
            digest.update(f"{type(thing).__name__}:{thing!r};".encode())

    add(content)
    return digest.hexdigest()
