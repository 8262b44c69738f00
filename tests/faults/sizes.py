"""How much is broken: a little in ``scripts/test``, so that what breaks a protection is noticed; all in ``scripts/faults``."""

from __future__ import annotations

import os

FULL = os.environ.get("FAULTS") == "full"
KILLS = 50 if FULL else 3
"""How often the whole database server is killed while clients write."""
BACKEND_KILLS = 20 if FULL else 2
RESTARTS = 10 if FULL else 1
FLOOD_S = 10.0 if FULL else 3.0
CAPACITY_S = 5.0 if FULL else 2.0
FLOOD_SHARE = 0.99 if FULL else 0.5
"""The share of a flood's answers that must come in time: half if others may take the processors, as in a test run."""
