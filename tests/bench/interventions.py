"""How well the effect of a change is predicted, on generated plants whose rules are not all those of the simulator.

Truth: the same plant goes on from the same past in several futures, with and without the change; the open cases keep
their fate. Prediction: from the log at the cut, the effect as the program shows it, the median difference. Lead time is
that of the cases done in the next 60 days, where more come in the mix of those in progress and those to come that there
is without (both in truth and in prediction); how much chance is left in the true effects is given, too. `disturbed=1`:
instead, the number at each stage a week after three weeks of +40 % arrivals, or `disturbed=2` with one person fewer at
the bottleneck, who is back for two days then; predicted from the real queue and after a warm-up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from factoryview.plant.scenario_file import parse_set
from factoryview.whatif.bands import band
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.facts import future_of, known_of
from factoryview.whatif.interventions import Setting
from factoryview.whatif.interventions import changed as changed_by
from factoryview.whatif.kernel import prepare, simulate
from factoryview.whatif.measures import measured
from factoryview.whatif.replication import Replication, draw, pools_of
from factoryview.whatif.today import Today, today_of
from factoryview.whatif.week import LocalWeek
from tests.kit.whatif_plants import AHEAD_H, CUT_H, Done, Plant, changed, elsewhere, log_at, plant
from tests.kit.whatif_plants import run as go

CHANGES = (
    "as it is",
    "one more at the bottleneck",
    "one more elsewhere",
    "work −20 % at the bottleneck",
    "arrivals +25 %",
)
AS_IS, MORE_COME = CHANGES[0], CHANGES[-1]
KNOWN_RATE = "arrivals +25 %, if it were known how many come"
"""With the true rate of arrivals, which no log can show: what more is off without it is owed to their count."""


def happening(of: Plant, futures: int) -> dict[str, list[float]]:
    """Change → the lead time in each future, hours."""
    busy, other = of.busiest, elsewhere(of)
    plants = (
        of,
        changed(of, more_people=(busy, 1)),
        changed(of, more_people=(other, 1)),
        changed(of, faster=(busy, 0.8)),
        changed(of, more_cases=1.25),
    )
    return {
        name: [_lead(go(one, k), one.more_cases) for k in range(futures)]
        for name, one in zip(CHANGES, plants, strict=True)
    }


def _lead(happened: Done, times: float) -> float:
    came, done = np.array(happened.came), np.array(happened.done)
    here = (done > CUT_H) & (done <= CUT_H + AHEAD_H)
    return float(np.average((done - came)[here], weights=np.where(came > CUT_H, 1 / times, 1.0)[here]))


def predicted(
    of: Plant, calibration: Calibration, today: Today, replications: int, only: tuple[str, ...] = CHANGES
) -> dict[str, list[float]]:
    """The same by simulation."""
    busy, other = f"Desk {of.busiest}", f"Desk {elsewhere(of)}"
    found: dict[str, list[float]] = {name: [] for name in only}
    known = np.isfinite(calibration.log.closed)
    facts = known_of(
        calibration, (), np.full(calibration.log.cases, -1), np.full(calibration.log.cases, np.nan), known, ~known
    )
    setting = Setting(calibration, facts, LocalWeek("UTC", 0), CUT_H, AHEAD_H / 24)
    for seed in range(replications):
        base = future_of(calibration, facts, draw(calibration, seed, CUT_H, AHEAD_H / 24, today=today), seed)
        for name, said in zip(
            CHANGES, ("", f"{busy}.people+=1", f"{other}.people+=1", f"{busy}.work*=0.8", "arrivals*=1.25"),
            strict=True,
        ):  # fmt: skip
            if name not in only:
                continue
            future = changed_by(base, parse_set([said]), setting, seed) if said else base
            made = future.replication
            run = simulate(made.steps, made.pools, seed, setting.end, made.held)
            found[name].append(measured(future, run, setting, 0.0).lead_time)
    return found


def interventions(first: int, plants: int, futures: int, replications: int) -> dict[str, Any]:
    rows: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in (*CHANGES, KNOWN_RATE)}
    for seed in range(first, first + plants):
        of = plant(seed)
        log = log_at(of, go(of, 0, until=CUT_H))
        calibration = calibrate(log)
        today = today_of(calibration)
        told = replace(calibration, donors=replace(calibration.donors, rate=of.a_week, counted=1e12))
        true, said = happening(of, futures), predicted(of, calibration, today, replications)
        known = predicted(of, told, today, replications, (AS_IS, MORE_COME))
        for name in rows:
            change, answers = (MORE_COME, known) if name == KNOWN_RATE else (name, said)
            effect, chance = _effect(true[AS_IS], true[change])
            base = np.array(answers[AS_IS])
            ratio = 100 * np.median(np.array(answers[change]) - base) / np.median(base)
            if name == AS_IS:
                effect, ratio = 0.0, 100 * (np.median(base) / np.mean(true[AS_IS]) - 1)
            low, _, high = band(np.array(answers[change]))
            rows[name].append((effect, ratio, float(np.mean([low <= one <= high for one in true[change]])), chance))
    return {
        name: {
            "true effect, % of lead time": round(float(np.mean([row[0] for row in found])), 1),
            "predicted": round(float(np.mean([row[1] for row in found])), 1),
            "mean error, points": round(float(np.mean([abs(row[1] - row[0]) for row in found])), 1),
            "median error, points": round(float(np.median([abs(row[1] - row[0]) for row in found])), 1),
            "standard error of the true effect, points, mean over plants": round(
                float(np.mean([row[3] for row in found])), 1
            ),
            "futures within the 90 % band": round(float(np.mean([row[2] for row in found])), 3),
            "each": [f"{seed + first}: {row[0]:.1f} {row[1]:.1f} {row[2]:.2f}" for seed, row in enumerate(found)],
        }
        for name, found in rows.items()
    }


def _effect(before: list[float], after: list[float]) -> tuple[float, float]:
    """By how many percent the mean differs, and the standard error of that (jackknife over the futures)."""
    one, other = np.array(before), np.array(after)
    n = len(one)
    without = 100 * ((other.sum() - other) / (one.sum() - one) - 1)
    spread = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    return float(100 * (other.mean() / one.mean() - 1)), float(spread)


def disturbance(first: int, plants: int, futures: int, replications: int, *, lost: bool) -> dict[str, Any]:
    """Stage counts a week after the cut: error from the real queue and after a warm-up, per plant.

    lost: a person is away for three weeks; else more cases come.
    """
    ratios = []
    for seed in range(first, first + plants):
        of = plant(seed)
        if lost:
            of = changed(of, away=(of.busiest, CUT_H - 4 * 168.0, CUT_H - 168.0 + 3 * 24.0))
        else:
            of = changed(of, surge=(CUT_H - 3 * 168.0, CUT_H, 1.4))
        log = log_at(of, go(of, 0, until=CUT_H))
        calibration = calibrate(log)
        today = today_of(calibration)
        at = CUT_H + 168.0
        true = np.mean([_counts_of(go(of, k, until=at), len(of.desks), at) for k in range(futures)], axis=0)
        errors = []
        for warm in (False, True):
            said = []
            for one in range(replications):
                if warm:
                    made = draw(calibration, one, CUT_H - 12 * 168.0, 13 * 7.0)
                    made = replace(made, pools=pools_of(calibration))
                else:
                    made = draw(calibration, one, CUT_H, 7.0, today=today)
                said.append(_counts(made, len(of.desks), simulate(made.steps, made.pools, one), at))
            errors.append(float(np.abs(np.median(said, axis=0) - true).mean()))
        ratios.append((errors[0], errors[1]))
    values = np.array(ratios)
    return {
        "stage counts after 7 days: error from the real queue ÷ after a warm-up, median over plants": round(
            float(np.median(values[:, 0] / values[:, 1])), 2
        ),
        "median error": {
            "real queue": round(float(np.median(values[:, 0])), 2),
            "warm-up": round(float(np.median(values[:, 1])), 2),
        },
        "better in": f"{int((values[:, 0] < values[:, 1]).sum())} of {plants}",
        "each": [f"{seed + first}: {real:.2f} {warm:.2f}" for seed, (real, warm) in enumerate(ratios)],
    }


def _counts(made: Replication, desks: int, result: Any, at: float) -> list[int]:
    parent = made.steps.parent
    came = np.where(parent >= 0, result.end[parent], made.arrived[made.steps.case])
    here = (came <= at) & (result.end > at)
    return np.bincount(made.stage[here], minlength=desks).tolist()


def _counts_of(happened: Done, desks: int, at: float) -> list[int]:
    """Released by the step before and not done; a step that has not begun by `at` is counted where its case goes."""
    return [sum(1 for desk, came, done in happened.visits if desk == k and came <= at < done) for k in range(desks)]


def run(
    first: int = 0, plants: int = 40, futures: int = 10, replications: int = 100, disturbed: int = 0
) -> dict[str, Any]:
    """first: the first plant; so many from there on."""
    prepare()
    if disturbed:
        return disturbance(first, plants, futures, replications, lost=disturbed == 2)
    return interventions(first, plants, futures, replications)
