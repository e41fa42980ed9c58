# SPDX-License-Identifier: MIT
"""Jobs that are taken back before a worker has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from . import native_executor

_module = native_executor.EXECUTOR.load()
ffi: Any = _module.ffi
lib: Any = _module.lib


@pytest.fixture
def executor() -> Iterator[Any]:
    """A queue without workers."""
    queue = ffi.new("uh_executor_t *")
    assert lib.uh_executor_init(queue) == 0
    yield queue
    lib.uh_executor_deinit(queue)


def test_a_job_that_waits_is_taken_back(executor: Any) -> None:
    ran = []
    note = ffi.callback("void (uhttpd_job_t *, bool)", lambda job, _: ran.append(job.ticket))
    jobs = [ffi.new("uhttpd_job_t *", {"run": note, "ticket": number}) for number in (1, 2, 3)]
    for job in jobs:
        assert lib.uh_executor_submit(executor, job) == 0
    assert lib.uh_executor_withdraw(executor, jobs[2], 3)
    assert not lib.uh_executor_withdraw(executor, jobs[2], 3)
    assert lib.uh_executor_withdraw(executor, jobs[0], 1)
    lib.uh_executor_cancel(executor)
    assert ran == [2]


@pytest.mark.parametrize("ticket", [0, 8])
def test_another_job_at_the_same_place_is_left_alone(executor: Any, ticket: int) -> None:
    """A session has ended, and another one at the same address queues a job of its own."""
    ran = []
    note = ffi.callback("void (uhttpd_job_t *, bool)", lambda job, _: ran.append(job.ticket))
    job = ffi.new("uhttpd_job_t *", {"run": note, "ticket": 7})
    assert lib.uh_executor_submit(executor, job) == 0
    lib.uh_executor_cancel(executor)
    job.ticket = ticket
    assert lib.uh_executor_submit(executor, job) == 0
    assert not lib.uh_executor_withdraw(executor, job, 7)
    lib.uh_executor_cancel(executor)
    assert ran == [7, ticket]
