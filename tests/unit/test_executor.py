# SPDX-License-Identifier: MIT
"""The queue of jobs: whose turn it is, and who is sent away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from . import native_executor

_module = native_executor.EXECUTOR.load()
ffi: Any = _module.ffi
lib: Any = _module.lib

LONG_AGO = 1  # in ms since some start, as the clock of the queue has it


class Queue:
    """A queue whose workers are calls of this thread: one begins while another's job runs."""

    def __init__(self) -> None:
        """Starts without a job."""
        self.executor = ffi.new("uh_executor_t *")
        assert lib.uh_executor_init(self.executor) == 0
        self.ran: list[tuple[str, bool]] = []
        self.jobs: dict[Any, tuple[str, Any]] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.run = ffi.callback("void (uhttpd_job_t *, bool)", self._run)

    def _run(self, job: Any, cancelled: bool) -> None:
        name = self.jobs[job][0]
        self.ran.append((name, cancelled))
        self.meanwhile.get(name, lambda: None)()

    def submit(self, name: str, source: int = 0, refusable_at: int = 0) -> Any:
        job = ffi.new(
            "uhttpd_job_t *", {"run": self.run, "from": source, "refusable_at": refusable_at}
        )
        self.jobs[job] = name, job
        assert lib.uh_executor_submit(self.executor, job) == 0
        return job

    def stop(self) -> None:
        self.executor.workers = len(self.meanwhile) + 1
        lib.uh_executor_stop(self.executor)

    def work(self) -> None:
        lib.uh_executor_work(self.executor)

    def withdraw(self, waited: int, share: int) -> str | None:
        job = lib.uh_executor_withdraw(self.executor, waited, share)
        return self.jobs[job][0] if job else None

    def is_unfair(self, source: int) -> bool:
        return bool(lib.uh_executor_is_unfair(self.executor, source))

    def order(self) -> list[str]:
        self.stop()
        self.work()
        return [name for name, _ in self.ran]


@pytest.fixture
def queue() -> Iterator[Queue]:
    queue = Queue()
    yield queue
    lib.uh_executor_deinit(queue.executor)


def test_addresses_without_a_worker_go_first(queue: Queue) -> None:
    queue.meanwhile["a1"] = queue.work
    for name, source in [("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2), ("c1", 3)]:
        queue.submit(name, source)
    assert queue.order() == ["a1", "b1", "c1", "a2", "a3"]


def test_among_equals_the_first_goes_first(queue: Queue) -> None:
    queue.meanwhile["a1"] = queue.meanwhile["b1"] = queue.work
    for name, source in [("a1", 1), ("b1", 2), ("b2", 2), ("a2", 1)]:
        queue.submit(name, source)
    assert queue.order() == ["a1", "b1", "b2", "a2"]


def test_a_job_that_is_over_no_longer_counts(queue: Queue) -> None:
    for name, source in [("a1", 1), ("a2", 1), ("b1", 2)]:
        queue.submit(name, source)
    assert queue.order() == ["a1", "a2", "b1"]


def test_withdrawn_is_the_newest_of_the_address_with_most(queue: Queue) -> None:
    for name, source in [("a1", 1), ("b1", 2), ("a2", 1), ("b2", 2), ("a3", 1), ("c1", 3)]:
        queue.submit(name, source, LONG_AGO)
    assert queue.withdraw(100, 3) is None
    assert queue.withdraw(100, 2) == "a3"
    assert queue.withdraw(100, 2) is None
    assert [queue.withdraw(100, 0) for _ in range(6)] == ["b2", "a2", "c1", "b1", "a1", None]
    queue.submit("d1", 4)
    lib.uh_executor_cancel(queue.executor)
    assert queue.ran == [("d1", True)]


def test_jobs_in_work_count_for_their_address(queue: Queue) -> None:
    withdrawn: list[str | None] = []
    queue.meanwhile["a1"] = lambda: withdrawn.append(queue.withdraw(0, 1))
    for name, source in [("a1", 1), ("b1", 2), ("a2", 1), ("c1", 3)]:
        queue.submit(name, source, LONG_AGO)
    assert queue.order() == ["a1", "b1", "c1"]
    assert withdrawn == ["a2"]


def test_what_must_run_is_not_withdrawn(queue: Queue) -> None:
    queue.submit("a1", 1)
    assert queue.withdraw(0, 0) is None


def test_what_has_just_come_is_not_withdrawn(queue: Queue) -> None:
    job = queue.submit("a1", 1)
    lib.uh_executor_let_refuse(job, True)
    assert queue.withdraw(60_000, 0) is None
    lib.uh_executor_let_refuse(job, False)
    assert queue.withdraw(0, 0) is None


def test_two_workers_more_are_unfair(queue: Queue) -> None:
    unfair: list[bool] = []

    def look() -> None:
        unfair.append(queue.is_unfair(1))
        queue.submit("b1", 2)
        unfair.extend(queue.is_unfair(source) for source in (1, 2))
        queue.stop()

    queue.meanwhile = {"a1": queue.work, "a2": look}
    for name in queue.meanwhile:
        queue.submit(name, 1)
    queue.work()
    assert queue.ran[-1] == ("b1", False)
    assert unfair == [False, True, False]
