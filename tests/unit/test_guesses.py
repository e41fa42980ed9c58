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
FIRSTS = 256  # addresses that may guess once whatever the others do
PERIOD = 256_000  # within which they are counted


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

    def ask(self, source: int) -> int:
        return int(lib.uh_guesses_ask(self.guesses, source, self.now))

    def answer(self, source: int, cost: int, wrong: bool) -> None:
        lib.uh_guesses_answer(self.guesses, source, cost, wrong, self.now)

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
    many = random.Random(1).sample(range(1, 1 << 32), 2000)
    gate = Gate()
    judged = gate.guess_as_often_as_possible(many, 10 * SECOND)
    assert FIRSTS <= judged <= 10 * 4 + 17 + FIRSTS
    gate.now += PERIOD
    judged = gate.guess_as_often_as_possible(many, 600 * SECOND, 1000)
    assert judged <= 600 * 4 + 17 + 3 * FIRSTS


def test_the_first_guess_of_an_address_does_not_wait_for_a_network_of_guessers() -> None:
    gate = Gate()
    gate.guess_as_often_as_possible(list(range(100, 100 + FIRSTS - 1)), 10 * SECOND)
    assert gate.wait(100)
    assert not gate.wait(7)
    gate.wrong(7)
    assert gate.wait(7)
    gate.now += PERIOD
    gate.guess_as_often_as_possible(list(range(100, 100 + FIRSTS - 1)), SECOND)
    assert not gate.wait(7)


def test_what_is_being_judged_counts_as_if_it_were_wrong() -> None:
    gate = Gate()
    costs = [gate.ask(1) for _ in range(5)]
    assert costs == [500, 1000, 2000, 4000, 0]
    assert not gate.wait(1)  # nothing was wrong yet
    for cost in costs[:4]:
        assert not gate.ask(1)
        gate.answer(1, cost, wrong=True)
    assert gate.wait(1) == 7500 - CREDIT


def test_what_was_right_has_cost_nothing() -> None:
    gate = Gate()
    for _ in range(50):
        costs = [gate.ask(1) for _ in range(4)]
        gate.now += 10
        for cost in costs:
            gate.answer(1, cost, wrong=False)
    assert gate.wrong(1) == 500


def test_a_right_one_pays_for_no_wrong_one() -> None:
    gate = Gate()
    cost = gate.ask(1)
    gate.now += MINUTE
    while not gate.wait(1):
        gate.wrong(1)
    waits = gate.wait(1)
    gate.answer(1, cost, wrong=False)
    assert gate.wait(1) == waits


def test_all_that_are_being_judged_count_for_all() -> None:
    gate = Gate()
    for n in range(FIRSTS):
        gate.wrong(1000 + n)
    gate.now += 2 * CREDIT
    asked = [n for n in range(100, 140) if gate.ask(n)]
    assert len(asked) == 17
    for n in asked:
        gate.answer(n, 500, wrong=False)
    assert gate.ask(99)


def test_who_was_let_in_waits_for_nobody_else_of_all_those_that_guess() -> None:
    gate = Gate()
    gate.right(7)
    many = random.Random(2).sample(range(100, 1 << 32), 1000)
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
