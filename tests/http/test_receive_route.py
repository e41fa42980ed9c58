# SPDX-License-Identifier: MIT
"""The arguments of uhttpd_receive(), and its cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from .http_app import App, Launch, files


def fill(app: App, leave: int = 0) -> int:
    """Adds routes until no more fit. Restarts the server, and adds all of them except some."""
    count = 0
    while app.command(f"route /{count} 1") == "ESP_OK":
        count += 1
    app.command("stop")
    app.start()
    for i in range(count - leave):
        assert app.command(f"route /{i} 1") == "ESP_OK"
    return count


@pytest.mark.parametrize(
    ("flags", "slots"), [("d", 1), ("dr", 2), ("-", 1), ("r", 2)], ids=["", "DELETE"] * 2
)
class TestSlots:
    """One slot, or two if the DELETE verb is supported, whatever other verbs there are."""

    def test_as_many_as_needed(self, receiver: App, root: Path, flags: str, slots: int) -> None:
        fill(receiver, leave=slots)
        assert receiver.command(f"receive /new {root} - {flags}") == "ESP_OK"
        assert receiver.command("route /more 1") == "ROUTES_FULL"

    def test_one_too_few(self, receiver: App, root: Path, flags: str, slots: int) -> None:
        fill(receiver, leave=slots - 1)
        assert receiver.command(f"receive /new {root} - {flags}") == "ROUTES_FULL"


@pytest.mark.parametrize(
    "arguments",
    [
        "- {} - -",
        "- {} - r",
        "new {} - d",
        "new {} - -",
        "/new* {} - d",
        "/new* {} - -",
        "/new base - d",
        "/new {} ext d",
        "/new {} - de",
    ],
)
def test_invalid_arguments_are_refused(receiver: App, root: Path, arguments: str) -> None:
    """A prefix starts with a slash, and is required without dynamic; ext_only needs ext_path."""
    fill(receiver, leave=1)
    assert receiver.command("receive " + arguments.format(root)) == "ESP_ERR_INVALID_ARG"
    assert receiver.command("route /there-is-room 1") == "ESP_OK"


def test_without_a_prefix(launch: Launch, root: Path) -> None:
    app = launch()
    assert app.command(f"receive - {root} - dr") == "ESP_OK"
    assert app.request("/x/a", "PUT", body=b"1").code == 201
    assert app.get("/hello").code == 200  # came first
    assert files(root) == {"x": None, "x/a": b"1"}
    assert app.request("/", "DELETE").code == 403


def test_without_a_base(launch: Launch, root: Path) -> None:
    """The path is that of the storage then."""
    app = launch()
    assert app.command("receive /fs - - dr") == "ESP_OK"
    assert app.request(f"/fs{root}/x/a", "PUT", body=b"1").code == 201
    assert files(root) == {"x": None, "x/a": b"1"}
    assert app.request(f"/fs{root}/x/?force=1", "DELETE").code == 204
