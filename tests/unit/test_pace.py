# SPDX-License-Identifier: MIT
"""Whether a client is fast enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib

RATE, WINDOW = 100, 10_000


class Pace:
    """A client that the server waits for."""

    def __init__(self, rate: int = RATE, window: int = WINDOW) -> None:
        """Starts before the first wait."""
        self.pace = ffi.new("uh_pace_t *")
        self.limits = rate, window

    def step(self, waited: int, moved: int) -> bool:
        """Waits, then moves some bytes. Returns whether that was fast enough so far."""
        fast = lib.uh_pace_waited(self.pace, waited, *self.limits)
        lib.uh_pace_moved(self.pace, moved)
        return fast


def test_within_a_window_nothing_is_judged() -> None:
    pace = Pace()
    assert all(pace.step(9, 0) for _ in range(WINDOW // 9))


def test_drip() -> None:
    pace = Pace()
    steps = [pace.step(1000, 10) for _ in range(10)]
    assert steps == [True] * 9 + [False]


def test_just_fast_enough() -> None:
    pace = Pace()
    assert all(pace.step(100, 11) for _ in range(10_000))


def test_fast_beginning_buys_one_window() -> None:
    pace = Pace()
    pace.step(0, 1_000_000_000)
    steps = [pace.step(1000, 1) for _ in range(20)]
    assert steps == [True] * 19 + [False]


def test_time_of_others_does_not_count() -> None:
    pace = Pace()
    assert all(pace.step(0, 1) for _ in range(100_000))


def lags(pace: Pace, silent: int) -> bool:
    return bool(lib.uh_pace_lags(pace.pace, silent, 1000, RATE))


def test_silence_lags_after_the_grace_whatever_came_before_it() -> None:
    pace = Pace()
    pace.step(0, 1_000_000_000)
    assert not lags(pace, 999)
    assert lags(pace, 1000)


@pytest.mark.parametrize("pause", [1, 80, 333, 999])
def test_a_drip_lags_after_a_second_of_it_or_two(pause: int) -> None:
    pace = Pace()
    pace.step(0, 1_000_000)
    waited = 0
    while not lags(pace, 0):
        pace.step(pause, 0)
        waited += pause
    assert 2000 <= waited < 4000
    pace.step(1000, 0)
    for _ in range(20):
        pace.step(100, 2 * RATE)
    assert not lags(pace, 0)


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**30)), max_size=20))
def test_no_limit(steps: list[tuple[int, int]]) -> None:
    pace = Pace(rate=0)
    assert all(pace.step(*step) for step in steps)


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=40),
    st.integers(1, 2000),
    st.integers(1, 20_000),
)
def test_as_the_model_says(steps: list[tuple[int, int]], rate: int, window: int) -> None:
    pace = Pace(rate, window)
    waited = moved = 0
    for wait, step in steps:
        waited += wait
        fast = waited < window or moved * 1000 // waited >= rate
        if waited >= window:
            waited = moved = 0
        moved += step
        assert pace.step(wait, step) == fast
