# SPDX-License-Identifier: MIT
"""How often passwords may be guessed: each address for itself, and all together."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib, text

START = 1_000_000
CREDIT = 4000
SECOND, MINUTE = 1000, 60_000


class Gate:
    """What is remembered of all addresses, and a clock."""

    def __init__(self) -> None:
        """Starts with nothing remembered."""
        self.guesses = ffi.new("uh_guesses_t *")
        self.now = START

    def wait(self, source: int) -> int:
        return int(lib.uh_guesses_wait(self.guesses, source, self.now))

    def wrong(self, source: int) -> int:
        return int(lib.uh_guesses_wrong(self.guesses, source, self.now))

    def right(self, source: int) -> None:
        lib.uh_guesses_right(self.guesses, source, self.now)

    def guess_as_often_as_possible(self, sources: list[int], ms: int, step: int = 50) -> int:
        """Lets all of them guess, each whenever it may. Returns how many guesses were judged."""
        judged = 0
        end = self.now + ms
        while self.now < end:
            for source in sources:
                if not self.wait(source):
                    self.wrong(source)
                    judged += 1
            self.now += step
        return judged


def source(remote: str) -> int:
    return int(lib.uh_guesses_from(text(remote.encode())))


def test_each_wrong_password_costs_twice_as_much_up_to_a_bound() -> None:
    gate = Gate()
    for cost in [500, 1000, 2000, 4000, 8000, 8000, 8000]:
        assert gate.wrong(1) == cost
        gate.now += cost


def test_the_first_few_are_judged_at_once_and_the_others_wait() -> None:
    gate = Gate()
    owed = 0
    for cost in [500, 1000, 2000, 4000]:
        assert gate.wait(1) == 0
        owed += cost
        assert gate.wrong(1) == owed
    assert gate.wait(1) == owed - CREDIT
    gate.now += owed - CREDIT - 1
    assert gate.wait(1) == 1
    gate.now += 1
    assert gate.wait(1) == 0


def test_an_address_is_bounded_whatever_its_rhythm() -> None:
    for step in (1, 50, 3000):
        assert Gate().guess_as_often_as_possible([1], 10 * MINUTE, step) <= 4 + 600 // 8


def test_a_right_password_pays_for_nothing() -> None:
    gate = Gate()
    while not gate.wait(1):
        gate.wrong(1)
    waits = gate.wait(1)
    gate.right(1)
    assert gate.wait(1) == waits


def test_a_minute_without_a_guess_forgives() -> None:
    gate = Gate()
    for _ in range(5):
        gate.wrong(1)
    gate.now += gate.wait(1) + CREDIT + MINUTE - 1
    assert gate.wrong(1) == 8000
    gate.now += 8000 + MINUTE
    assert gate.wrong(1) == 500


def test_others_do_not_wait() -> None:
    gate = Gate()
    for _ in range(200):
        gate.guess_as_often_as_possible([1], SECOND)
        assert gate.wait(1)
        assert not gate.wait(2)


def test_all_together_are_bounded() -> None:
    many = random.Random(1).sample(range(1, 1 << 32), 500)
    judged = Gate().guess_as_often_as_possible(many, 10 * SECOND)
    assert 10 * 4 <= judged <= 10 * 4 + 17


def test_who_was_let_in_waits_for_nobody_else_of_all_those_that_guess() -> None:
    gate = Gate()
    gate.right(7)
    many = random.Random(2).sample(range(100, 1 << 32), 500)
    gate.guess_as_often_as_possible(many, 10 * SECOND)
    while not gate.wait(many[-1]):
        gate.wrong(many[-1])
    assert not gate.wait(7)
    gate.wrong(7)
    assert not gate.wait(7)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2), st.integers(0, 5000))))
def test_nobody_ever_waits_longer_than_what_was_guessed_costs(
    steps: list[tuple[int, int, int]],
) -> None:
    gate = Gate()
    for address, what, ms in steps:
        gate.now += ms
        if what == 0:
            gate.right(address)
        elif not gate.wait(address):
            assert 0 < gate.wrong(address) <= CREDIT + 8000
        assert gate.wait(address) <= 8000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.168.4.2", "192.168.4.2", True),
        ("192.168.4.2", "192.168.4.3", False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("fd00::1:2:3:4:5", "fd00::1:9:9:9:9", True),
        ("fe80::1", "fe80::2", False),
        ("::1", "::2", False),
        ("", "nothing", True),
        ("", "127.0.0.1", False),
    ],
)
def test_what_is_one_address(one: str, other: str, same: bool) -> None:
    assert (source(one) == source(other)) == same
