"""Where data lie, in a real browser: lines that say whose they are, cables that are cut, a sentence for each state, for everyone."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from app_page import READY, heard, opened
from link_worlds import TEN
from test_app_axe_slow import TAGS
from test_app_film import Made

from analysis.app import film as films
from analysis.app.places import arc_path
from analysis.app.replay import replay
from sim import engine
from sim.run import prepare

pytestmark = pytest.mark.slow
WORLD = "?scenarios=baseline&end=2021-12&at=2021-03&view=data"
SENTENCE = "Of the load of South Korea, "
