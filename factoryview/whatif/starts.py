"""When work began, where a log says only when cases came and left: from how many worked, first come, first served.

The k-th to come begins when it came or, if all servers were taken, when the next one was free. This is a guess: a wait
that no server causes is taken for work, and so is a server's absence.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.log import Floats


def worked_out(entered: Floats, left: Floats, heads: Sequence[tuple[float, int]], calendar: Calendar) -> Floats:
    """The start of each stay, hours; infinite for one that waits still. Stays are in order of entry.

    left: infinite while it lasts. heads: (hour, servers from then on), ascending; the first holds for before, too.
    """
    free: list[float] = []
    for _ in range(heads[0][1]):
        heappush(free, -np.inf)
    changes, leaving = list(heads[1:]), 0
    starts = np.full(len(entered), np.inf)
    present = heads[0][1]
    opened = calendar.next_open(entered)
    for stay, (came, gone) in enumerate(zip(opened.tolist(), left.tolist(), strict=True)):
        while changes and changes[0][0] <= max(came, free[0] if free else np.inf):
            at, number = changes.pop(0)
            while number > present:
                present += 1
                if leaving:
                    leaving -= 1
                else:
                    heappush(free, at)
            leaving, present = leaving + present - number, number
        while leaving and free:
            heappop(free)
            leaving -= 1
        begin = max(came, free[0]) if free else np.inf
        if begin > gone:  # it left while it waited
            starts[stay] = gone
            continue
        starts[stay] = max(begin, entered[stay])
        if free:
            heappop(free)
            if np.isfinite(begin):
                heappush(free, gone)
    return starts
