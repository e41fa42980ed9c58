# SPDX-License-Identifier: MIT
"""Memory is used up: the server refuses or hangs up, loses nothing, and serves the next request.

Every allocation of the server and its engine fails once, for each feature; then they fail at
random while all features are used at once. SHARES=1800 makes a hundred thousand of those fail.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.http import whole_request
from tests.support.websocket import TEXT, WebSocket, handshake

from .files_app import nothing_is_open, write
from .http_app import App, Launch

ROUNDS = int(os.environ.get("SHARES", "5"))  # of all features at once
LOST = (OSError, AssertionError, ValueError)  # what clients raise for a connection that breaks
ONE_AT_A_TIME = threading.Lock()  # orders to the program
ALL_WORKERS = threading.Lock()
WORKERS = 2
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="form.txt"\r\n\r\n'
    + b"f" * 3000
    + b"\r\n--x--\r\n"
)
SMALL_FORM = FORM.replace(2500 * b"f", b"")
MULTIPART = "Content-Type: multipart/form-data; boundary=x\r\n"
URLENCODED = "Content-Type: application/x-www-form-urlencoded\r\n"
NAMES = ", ".join(f"X-Header-{number}" for number in range(60))
PREFLIGHT = (
    f"Origin: http://x\r\nAccess-Control-Request-Method: PUT\r\n"
    f"Access-Control-Request-Headers: {NAMES}\r\n"
)


def request(target: str, method: str = "GET", headers: str = "", body: bytes = b"") -> Feature:
    """A feature that is one request."""

    def use(app: App) -> int:
        client = app.connect()
        try:
            client.send(whole_request(target, method, headers, body))
            return client.response(bodyless=method == "HEAD").code
        finally:
            client.close()

    return use


def websocket(url: str) -> Feature:
    """A feature that is a WebSocket which echoes one message."""

    def use(app: App) -> int:
        ws = WebSocket(app.port)
        try:
            ws.send(handshake(url).encode())
            response = ws.head()
            if response.code == 101:
                ws.send_frame(TEXT, b"m" * 2000)
                ws.read_message()
            return response.code
        finally:
            ws.close()

    return use


def listener(app: App) -> int:
    """A feature that is a listener who gets an event."""
    client = app.connect()
    try:
        client.send(whole_request("/events"))
        response = client.head()
        if response.code == 200:
            with ONE_AT_A_TIME:
                told = app.command(f"event - - 0 {b'told'.hex()}")
            if not told.isdigit():
                return 503
            client.read_until(b"told\n\n")
        return response.code
    finally:
        client.close()


def spare_worker(app: App) -> int:
    """A feature that is a request while every worker is held by another."""
    with ALL_WORKERS:
        holders = [app.connect() for _ in range(WORKERS)]
        try:
            for client in holders:
                client.send(whole_request("/hold"))
            return FEATURES["a worker"](app)
        finally:
            with ONE_AT_A_TIME:
                app.command(f"release {len(holders)}")
            for client in holders:
                client.close()


Feature = Callable[[App], int]

FEATURES: dict[str, Feature] = {
    "a worker": request("/hello"),
    "a spare worker": spare_worker,
    "inline": request("/inline"),
    "a long answer": request("/big?size=300000"),
    "a long inline answer": request("/inline-big?size=300000"),
    "chunks": request("/stream?pieces=20"),
    "a source": request("/from?size=100000"),
    "a sink": request("/to", "POST", body=b"s" * 100_000),
    "a body": request("/echo", "POST", body=b"e" * 3000),
    "a long head": request("/hello", headers=f"X: {'h' * 2000}\r\n"),
    "no route": request("/nowhere"),
    "a method that is not": request("/hello", "DELETE"),
    "a preflight": request("/hello", "OPTIONS", headers=PREFLIGHT),
    "a file": request("/fs/a.txt"),
    "a part of a file": request("/fs/a.txt", headers="Range: bytes=5-9\r\n"),
    "a list": request("/fs/"),
    "an upload": request("/up/put.txt", "PUT", "X-Timestamp: 1700000000\r\n", b"p" * 3000),
    "a form in memory": request("/form", "POST", MULTIPART, SMALL_FORM),
    "an urlencoded form": request("/form", "POST", URLENCODED, 20 * b"a=1&"),
    "parts of a form": request("/parts", "POST", MULTIPART, FORM),
    "JSON": request("/json", "POST", body=b"[" + 300 * b"1," + b"1]"),
    "a form": request("/up/", "POST", MULTIPART, FORM),
    "a move": request("/up/move.txt", "MOVE", "Destination: /up/moved.txt\r\n"),
    "a removal": request("/up/gone.txt", "DELETE"),
    "a removal of a tree": request("/up/tree/?force=1", "DELETE"),
    "a WebSocket": websocket("/ws"),
    "a group": websocket("/group"),
    "events": listener,
}
WITHOUT_MEMORY = {500, 503}
AMONG_OTHERS = {200, 204, 404, 409}  # who have put the file, taken it away, or have it just now


def prepare(root: Path) -> None:
    """What the requests move and remove, and nothing of what they make."""
    for name in ("put.txt", "form.txt", "moved.txt"):
        (root / name).unlink(missing_ok=True)
    for name in ("move.txt", "gone.txt", "tree/sub/a.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        write(root / name, b"there")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "sd").mkdir(parents=True)
    write(folder / "a.txt", b"a" * 100_000)
    return folder


@pytest.fixture
def app(launch: Launch, root: Path) -> App:
    return launch(
        workers=WORKERS,
        spare_workers=1,
        root=root,
        base=root,
        cors=1,
        events=1,
        event_clients=4,
        event_buffer=4096,
    )


def use(app: App, feature: str) -> int | None:
    """The status; None if the connection broke."""
    try:
        return FEATURES[feature](app)
    except LOST:
        return None


@pytest.mark.parametrize("feature", FEATURES)
def test_every_allocation_of(app: App, root: Path, feature: str) -> None:
    prepare(root)
    whole = FEATURES[feature](app)
    nth, failed = 0, 1
    while failed:
        nth += 1
        prepare(root)
        app.command(f"memory nth {nth}")
        code = use(app, feature)
        failed = int(app.command("memory enough").split()[1])
        assert code in {whole, None} | (WITHOUT_MEMORY if failed else set()), nth
        nothing_is_open(app)
        assert app.get("/hello").code == 200
    prepare(root)
    assert FEATURES[feature](app) == whole


def test_at_random(app: App, root: Path) -> None:
    """Several clients at once, each with features in an order of its own."""
    wrong: list[tuple[str, int | None]] = []

    def client(seed: int, whole: dict[str, int]) -> None:
        features = [name for name in FEATURES if name != "a spare worker" or seed == 0]
        random.Random(seed).shuffle(features)
        for feature in features:
            code = use(app, feature)
            if code not in {whole[feature], None} | AMONG_OTHERS | WITHOUT_MEMORY:
                wrong.append((feature, code))

    prepare(root)
    whole = {feature: FEATURES[feature](app) for feature in FEATURES if feature != "events"}
    whole["events"] = 200
    total = 0
    for number in range(ROUNDS):
        prepare(root)
        app.command(f"memory share {2 + 7 * (number % 4)} {number}")
        threads = [threading.Thread(target=client, args=(seed, whole)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _, failed = map(int, app.command("memory enough").split())
        assert failed
        total += failed
        assert not wrong
        nothing_is_open(app)
        assert app.get("/hello").code == 200
    print(f"{total} allocations failed")
