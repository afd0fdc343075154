from __future__ import annotations

from dataclasses import fields
from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.colour import Colour, contrast, difference, mix, simulate
from factoryview.scene.theme import Dress, Theme
from factoryview.scene.themes import CONTRAST, DAY, NIGHT

both = pytest.mark.parametrize("theme", [NIGHT, DAY, CONTRAST], ids=lambda theme: theme.name)
each_level = pytest.mark.parametrize("level", [0, 1, 2], ids=["calm", "amber", "red"])
colours = st.tuples(*[st.integers(0, 255)] * 3)


def seen(colour: Colour) -> list[Colour]:
    """The colour as people with full colour vision, without red and without green cones see it."""
    return [colour, simulate(colour, "protan"), simulate(colour, "deutan")]


def apart(a: Colour, b: Colour) -> float:
    """The least difference anybody sees."""
    return min(difference(p, q) for p, q in zip(seen(a), seen(b), strict=True))


def grounds(theme: Theme) -> list[Colour]:
    return [theme.floor, theme.panel, *theme.zones]


@both
@each_level
def test_every_rung_of_the_contrast_ladder_holds(theme: Theme, level: int) -> None:
    belt = theme.belt[level]
    for ground in (theme.floor, *theme.zones):
        assert contrast(ground, belt) >= 1.3
    assert contrast(belt, theme.chevron[level]) >= 1.2
    assert contrast(belt, theme.belt_edge[level]) >= 2


@both
@each_level
def test_the_ladder_rises_from_chevron_to_edge(theme: Theme, level: int) -> None:
    belt = theme.belt[level]
    rungs = [contrast(belt, c) for c in (theme.chevron[level], theme.belt_edge[level])]
    assert rungs == sorted(rungs)
    assert 1.5 < rungs[0] < 2.4, "a chevron is seen from afar, and stays quieter than what rides over it"


@both
def test_words_are_legible_wherever_they_may_stand(theme: Theme) -> None:
    for ground in grounds(theme):
        for ink in (theme.text, theme.text_muted, *theme.signal_text):
            assert contrast(ink, ground) >= 4.5
    for ground in (theme.panel, theme.floor):
        assert contrast(theme.headline, ground) >= 15
    for ink, zone in zip(theme.zone_names, theme.zones, strict=True):
        assert contrast(ink, zone) >= 4.5


@both
@each_level
def test_words_on_signals_are_legible(theme: Theme, level: int) -> None:
    assert contrast(theme.on_signal[level], theme.signal[level]) >= 4.5


@both
@pytest.mark.parametrize("part", ["signal", "belt_edge", "belt"])
def test_the_alarm_states_differ_for_everybody(theme: Theme, part: str) -> None:
    for a, b in combinations(getattr(theme, part), 2):
        if part == "belt":
            assert apart(a, b) >= 8, "a large dark surface; its edge carries the rest"
        else:
            assert apart(a, b) >= 20


@both
@pytest.mark.parametrize("dress", ["calm", "slow", "alarm", "known", "depot"])
def test_what_is_written_on_a_station_is_legible_in_every_dress(theme: Theme, dress: Dress) -> None:
    look = theme.station.of(dress)
    assert contrast(look.digits, look.glass) >= 9
    assert contrast(look.dim, look.glass) >= 4.5
    assert contrast(look.name, look.sign) >= 7
    assert min(contrast(look.rates, ground) for ground in (look.wall, look.roof_dark)) >= 4.5


@both
def test_what_is_written_on_the_frame_is_legible(theme: Theme) -> None:
    assert contrast(theme.headline, theme.banner) >= 15
    for ink in (*theme.signal_text, theme.brick_text, theme.text_muted):
        assert contrast(ink, theme.banner) >= 4.5
    for ink in (theme.text, theme.text_muted, theme.good, theme.shortfall, theme.loss_text):
        assert contrast(ink, theme.board) >= 4.5
    for ground in (theme.brick, theme.rung):
        assert contrast(theme.on_rung, ground) >= 4.5
    assert min(contrast(theme.loss_text, zone) for zone in theme.zones) >= 4.5


@both
def test_only_the_constraint_is_vermilion(theme: Theme) -> None:
    red = theme.signal.red
    for dress in ("calm", "slow", "known", "depot"):
        look = theme.station.of(dress)  # type: ignore[arg-type]
        assert min(difference(red, colour) for colour in (look.roof, look.roof_light, look.sign_edge)) >= 20
    assert difference(red, theme.brick) >= 20


@both
def test_channels_differ_for_everybody_and_are_never_taken_for_an_alarm(theme: Theme) -> None:
    for a, b in combinations(theme.hues, 2):
        assert apart(a, b) >= 20
    for hue in theme.hues:
        assert apart(hue, theme.signal.amber) >= 20
        assert apart(hue, theme.signal.red) >= 20


@both
def test_channels_beyond_the_last_hue_begin_again(theme: Theme) -> None:
    assert theme.hue(len(theme.hues)) == theme.hue(0) == theme.hues[0]


@both
def test_everything_normal_is_grey(theme: Theme) -> None:
    """Chroma is the distance to the grey of the same lightness; the abnormal has at least twice as much."""

    def chroma(colour: Colour) -> float:
        return min(difference(colour, (grey, grey, grey)) for grey in range(256))

    for name in ("belt", "belt_edge", "body_dark", "signal"):
        calm, amber, red, _ = (chroma(colour) for colour in getattr(theme, name))
        assert calm < 9
        assert red > 2 * calm
        assert amber > 2 * calm or name == "body_dark"
    assert all(chroma(colour) < 16 for colour in (theme.floor, *theme.zones))
    assert all(chroma(hue) < min(chroma(c) for c in theme.signal[1:3]) for hue in theme.hues)


@both
def test_every_colour_is_a_colour(theme: Theme) -> None:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if field.name in ("name", "station", "light", "warmth", "lens"):
            continue
        for colour in value if isinstance(value[0], tuple) else (value,):
            assert len(colour) == 3
            assert all(isinstance(part, int) and 0 <= part <= 255 for part in colour)


@both
def test_departments_have_a_fill_an_edge_and_a_name_each(theme: Theme) -> None:
    assert len(theme.zones) == len(theme.zone_edges) == len(theme.zone_names)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_difference_is_that_of_known_pairs() -> None:
    assert difference((255, 255, 255), (0, 0, 0)) == pytest.approx(100, abs=0.1)
    assert difference((255, 0, 0), (0, 255, 0)) == pytest.approx(170.6, abs=0.5)


@given(colours, colours)
def test_contrast_and_difference_do_not_mind_the_order(a: Colour, b: Colour) -> None:
    assert contrast(a, b) == contrast(b, a) >= 1
    assert difference(a, b) == pytest.approx(difference(b, a))
    assert difference(a, a) == 0


@given(st.integers(0, 255))
def test_grey_looks_grey_to_everybody(level: int) -> None:
    for colour in seen((level, level, level)):
        assert all(abs(part - level) <= 1 for part in colour)


def test_red_and_green_of_like_lightness_come_together_without_green_cones() -> None:
    red, green = (200, 90, 60), (120, 130, 40)
    assert difference(simulate(red, "deutan"), simulate(green, "deutan")) < difference(red, green) / 2


@given(colours, colours)
def test_a_mixture_starts_and_ends_at_its_parts(a: Colour, b: Colour) -> None:
    assert mix(a, b, 0) == a
    assert mix(a, b, 1) == b


def test_high_contrast_is_seven_to_one_for_all_words() -> None:
    for ground in (CONTRAST.floor, CONTRAST.panel, CONTRAST.board, CONTRAST.banner):
        for ink in (
            CONTRAST.headline, CONTRAST.text, CONTRAST.text_muted, CONTRAST.brick_text, CONTRAST.work,
            CONTRAST.shortfall, CONTRAST.loss_text, CONTRAST.dust_text, CONTRAST.good, *CONTRAST.signal_text,
        ):  # fmt: skip
            assert contrast(ink, ground) >= 7
    for ink, zone in zip(CONTRAST.zone_names, CONTRAST.zones, strict=True):
        assert contrast(ink, zone) >= 7
    for dress in get_args(Dress):
        colours = CONTRAST.station.of(dress)
        assert contrast(colours.digits, colours.glass) >= 7
        assert contrast(colours.dim, colours.glass) >= 7
        assert contrast(colours.name, colours.sign) >= 7
        assert contrast(colours.rates, colours.wall) >= 7
