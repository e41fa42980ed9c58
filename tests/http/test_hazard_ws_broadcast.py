# SPDX-License-Identifier: MIT
"""Messages to a group while its clients come and go."""

from __future__ import annotations

import threading

from .http_app import App, open_websocket
from .ws_group import all_is_over, join, state, tell

ROUNDS, COUNT = 60, 3000


def test_clients_that_stay_get_everything_in_order(app: App) -> None:
    stayers = [join(app) for _ in range(2)]
    heard: list[list[bytes]] = [[], []]

    def read(number: int) -> None:
        heard[number] = [stayers[number].read_message()[1][:8] for _ in range(COUNT)]

    def come_and_go() -> None:
        for _ in range(ROUNDS):
            ws = open_websocket(app, "/group")
            tell(ws, "good day")
            ws.close()

    threads = [threading.Thread(target=read, args=[n]) for n in range(2)]
    threads += [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert app.command(f"say_many {COUNT} 50") == "ESP_OK"
    for thread in threads:
        thread.join()
    assert heard == 2 * [[b"%08d" % i for i in range(COUNT)]]
    for ws in stayers:
        ws.close()
    all_is_over(app, 2 + 2 * ROUNDS)


def test_everybody_speaks_to_everybody(app: App) -> None:
    clients = [join(app) for _ in range(6)]
    for n, ws in enumerate(clients):
        for i in range(20):
            tell(ws, f"all {n} {i}")
    for ws in clients:
        heard: dict[bytes, list[int]] = {}
        for _ in range(6 * 20):
            who, number = ws.read_message()[1].split()
            heard.setdefault(who, []).append(int(number))
        assert heard == {b"%d" % n: list(range(20)) for n in range(6)}
    assert state(app)["side_by_side"] == 0
