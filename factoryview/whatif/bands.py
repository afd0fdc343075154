"""What many replications say together: the median, and a band in which nine of ten futures should lie."""

from __future__ import annotations

import numpy as np

from factoryview.whatif.log import Floats

LOW, HIGH = 0.05, 0.95


def band(values: Floats) -> tuple[float, float, float]:
    """Low, median and high of the replications. The median, because the mean of convex waits overstates."""
    low, middle, high = (float(one) for one in np.quantile(values, (LOW, 0.5, HIGH)))
    return low, middle, high
