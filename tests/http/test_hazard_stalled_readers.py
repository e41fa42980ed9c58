# SPDX-License-Identifier: MIT
"""Three readers stall at once next to a sleeping callback, and nobody else notices."""

from __future__ import annotations

from tests.support.http import HttpClient, whole_request

from .half_heads import half_heads
from .http_app import App, Launch, open_websocket, pattern
from .ws_group import asked, join, tell

SIZE = 400_000  # more than a socket takes


def stalled_download(app: App) -> None:
    client = app.connect(receive_buffer=2048)
    client.send(whole_request("/from?size=100000000"))
    assert client.head().code == 200


def stalled_listener(app: App) -> None:
    client = app.connect(receive_buffer=2048)
    client.send(whole_request("/events"))
    assert client.head().code == 200


def test_the_others_go_on(launch: Launch) -> None:
    app = launch(events=1, event_clients=3, event_buffer=100_000, workers=2, group_timeout=100)
    asleep = join(app)
    tell(asleep, "hold")
    app.wait_for(holding=1)  # one of two workers
    stalled_download(app)
    stalled_listener(app)
    stalled = join(app, receive_buffer=2048)
    tell(stalled, "burst 2000 5000")
    app.command("flood 5000")
    other = open_websocket(app, "/group")
    for i in range(50):
        assert app.get("/hello").code == 200
        assert asked(other, f"{i}") == f"{i}"
    app.command("release 1")
    assert asleep.read_message()[1] == b"released"


def test_three_of_a_kind(launch: Launch) -> None:
    for stall in (stalled_download, stalled_listener):
        app = launch(events=1, event_clients=3, event_buffer=100_000, workers=2)
        asleep = join(app)
        tell(asleep, "hold")
        app.wait_for(holding=1)
        for _ in range(3):
            stall(app)
        app.command("flood 5000")
        for _ in range(30):
            assert app.get("/hello").code == 200
        app.command("release 1")


def test_three_websockets(launch: Launch) -> None:
    app = launch(group_timeout=0, workers=2)
    asleep = join(app)
    tell(asleep, "hold")
    app.wait_for(holding=1)
    for _ in range(3):
        stalled = join(app, receive_buffer=2048)
        tell(stalled, "burst 3000 5000")
    other = open_websocket(app, "/group")
    for i in range(50):
        assert app.get("/hello").code == 200
        assert asked(other, f"{i}") == f"{i}"
    app.command("release 1")


def test_three_responses_that_wait_in_copies(launch: Launch) -> None:
    def stalled_response() -> HttpClient:
        client = app.connect(receive_buffer=4096)
        client.send(f"GET /big?size={SIZE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        return client

    app = launch(workers=2, unsent=3 * SIZE)
    (held,) = app.hold(1)
    stalled = [stalled_response() for _ in range(3)]
    for _ in range(5):
        assert app.get("/hello").text == "Hello World"
    for client in stalled:
        assert client.read_exactly(SIZE) == pattern(SIZE)
        assert client.request("/hello").code == 200
    app.command("release 1")
    assert held.response().text == "held"


def test_download_upload_websocket_and_a_callback_that_stall_at_once(
    launch: Launch,
) -> None:
    app = launch(workers=2, body=0)
    (held,) = app.hold(1)
    download = app.connect(receive_buffer=4096)
    download.send("GET /from?size=3000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert download.head().code == 200
    upload = app.connect()
    upload.send(b"POST /to HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + pattern(10))
    stalled = open_websocket(app, "/ws", receive_buffer=4096)
    while stalled.send_frame(2, bytes(60_000), timeout=0.2):
        pass  # it sends, and reads nothing of what comes back
    for _ in range(10):
        assert app.get("/hello").text == "Hello World"
        assert app.get("/from?size=100000").body == pattern(100_000)
        assert app.connect().request("/to", "POST", body=pattern(5000)).text == "5000 right"
    upload.send(pattern(100)[10:])
    assert upload.response().text == "100 right"
    assert download.read_exactly(3_000_000) == pattern(3_000_000)
    app.command("release 1")
    assert held.response().text == "held"


def test_everything_at_once(launch: Launch) -> None:
    """A handler works, and clients are stuck in a head, in a body, and in reading."""
    app = launch(workers=4)
    app.hold(1)
    half_heads(app, 1)
    body = app.connect()
    body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    reader = app.connect(receive_buffer=4096)
    reader.send("GET /inline-big?size=3000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    for _ in range(10):
        assert app.get("/hello").text == "Hello World"
    body.send("67890")
    assert body.response().text == "1234567890"
    app.command("release 1")
