from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.art.art import CRATE, belt_lane, turn
from factoryview.scene.floor.rails import Rails

tiles = st.integers(8, 128)


@given(tiles)
def test_rails_lie_in_whole_pixels_and_mirror_each_other(px: int) -> None:
    rails = Rails.of(px)
    lengths = rails.lengths()
    lo, hi, width = lengths["lo"], lengths["hi"], lengths["rail_width"]
    assert isinstance(lo, float)
    assert isinstance(hi, float)
    assert lo - rails.width / 2 == rails.margin >= 1
    assert lo + hi == px
    assert width == rails.width >= 1


@given(tiles)
def test_the_lane_lies_between_the_rails_and_holds_two_crates(px: int) -> None:
    first, rows = belt_lane(px)
    assert first == Rails.of(px).inner
    assert 2 * first + rows == px
    assert rows >= px / 2
    if px >= 16:
        assert rows >= 2 * round(px * CRATE)


@given(tiles)
def test_a_drawing_runs_on_beyond_its_tile(px: int) -> None:
    rails = Rails.of(px)
    assert rails.frame == px + 2 * rails.overscan
    assert rails.overscan >= rails.drop + 1


@pytest.mark.parametrize(
    ("entering", "leaving", "kind"),
    [("e", "e", "straight"), ("e", "s", "right"), ("e", "n", "left"), ("n", "e", "right"), ("w", "s", "left")],
)
def test_turns_are_named_as_seen_by_who_rides(entering: str, leaving: str, kind: str) -> None:
    assert turn(entering, leaving) == kind  # type: ignore[arg-type]


def test_a_belt_cannot_turn_back() -> None:
    with pytest.raises(ValueError, match="cannot turn back from e to w"):
        turn("e", "w")
