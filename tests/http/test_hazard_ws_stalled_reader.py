# SPDX-License-Identifier: MIT
"""A client that never reads, next to others that do."""

from __future__ import annotations

import threading

from .http_app import Launch
from .ws_group import all_is_over, asked, join, state, tell, wait_for

TEXT_SIZE = 4000


def test_a_group_goes_on_without_it(launch: Launch) -> None:
    """It gets a code that says it has missed something. The others get every message."""
    app = launch(group_timeout=300)
    stalled = join(app, receive_buffer=2048)
    readers = [join(app) for _ in range(3)]
    count = 2000
    lost: list[int] = []

    def read(number: int) -> None:
        for i in range(count):
            if readers[number].read_message()[1][:8] != b"%08d" % i:
                lost.append(i)

    threads = [threading.Thread(target=read, args=[n]) for n in range(3)]
    for thread in threads:
        thread.start()
    assert app.command(f"say_many {count} {TEXT_SIZE}") == "ESP_OK"
    for thread in threads:
        thread.join()
    assert not lost
    wait_for(app, closed=1)
    assert (state(app)["code"], state(app)["reason"]) == (1013, "too slow")
    assert app.command("members") == "3"
    assert stalled.is_gone()


def test_messages_to_it_wait_for_a_bounded_time(launch: Launch) -> None:
    app = launch(group_timeout=200)
    stalled = join(app, receive_buffer=2048)
    other = join(app)
    tell(stalled, "burst 100000 5000")
    for i in range(20):
        assert asked(other, f"number {i}") == f"number {i}"
    wait_for(app, error="ESP_ERR_TIMEOUT")


def test_it_can_still_be_closed(launch: Launch) -> None:
    app = launch(group_timeout=100, workers=1)
    stalled = join(app, receive_buffer=2048)
    tell(stalled, "burst 100000 5000")
    tell(stalled, "close 4000")
    all_is_over(app, 1)
    assert state(app)["code"] in (4000, 1006)
