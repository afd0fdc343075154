"""An export that knows of each deal its last stage only: losses are counted, of how many is not said."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow.verdict.sentences import sentences
from factoryview.flow.verdict.verdict import verdict

HEAD = (
    "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Owner,Deal - Deal created,"
    "Deal - Last stage change,Deal - Won time,Deal - Lost time,Deal - Lost reason,Deal - Expected close date"
)


def opened(folder: Path) -> tuple[Factory, int]:
    """The factory of an export of 120 deals, and how many of them were lost at the stage Offer in its last 30 days."""
    rng, rows, lost = Random(1), [], []
    for number in range(120):
        made = datetime(2024, 1, 3, 9) + timedelta(hours=20 * number)
        moved = made + timedelta(hours=rng.randrange(5, 300))
        over = moved + timedelta(hours=rng.randrange(20, 300))
        stage, status = rng.choice(("Offer", "Negotiation")), rng.choice(("Won", "Lost", "Lost"))
        won, gone = (f"{over}", "") if status == "Won" else ("", f"{over}")
        lost += [over] if status == "Lost" and stage == "Offer" else []
        reason = "Price" if status == "Lost" else ""
        rows.append(f"{number},T,{stage},{status},100,Ann,{made},{moved},{won},{gone},{reason},")
    (folder / "deals.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    last = max(datetime.fromisoformat(part) for row in rows for part in row.split(",")[8:10] if part)
    return open_factory(folder / "deals.csv"), sum(at >= last - timedelta(days=30) for at in lost)


def test_losses_are_counted_and_no_share_of_those_that_left_is_said(tmp_path: Path) -> None:
    factory, lost = opened(tmp_path)
    found = verdict(factory.store, factory.plant)
    at_offer = [leak for leak in found.leaks if leak.stage == "Offer"]
    assert lost > 3
    assert abs(sum(leak.cases for leak in at_offer) - lost) <= 1
    assert {leak.share for leak in found.leaks} == {None}
    assert found.largest_loss is None or found.largest_loss.share is None
    for code in ("de", "en"):
        told = " ".join(sentences(found, factory.plant, code))  # type: ignore[arg-type]
        assert "Price" in told
        assert "%" not in told
