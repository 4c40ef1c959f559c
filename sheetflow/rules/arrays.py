"""Columns of days, of yes and no, and of words, and the little arithmetic that the rules do with them.

A day is a ``datetime64[us]`` at midnight, on the clocks of the sheet's zone. ``NaT`` is a missing one: a sum with it
is missing, a comparison with it is false, and ``latest`` leaves it out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Rows = npt.NDArray[np.intp]

DAY = np.timedelta64(1, "D")
NONE = np.datetime64("NaT", "us")


def latest(*days: Days) -> Days:
    """The latest of several days; a missing one is left out."""
    found: Days = np.fmax.reduce(days)
    return found
