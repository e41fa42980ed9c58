# SPDX-License-Identifier: MIT
"""What uhttpd_receive() takes, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from http_app import App, files


@pytest.mark.parametrize(
    ("flags", "slots"), [("d", 1), ("dr", 2), ("-", 1), ("r", 2)], ids=["", "DELETE"] * 2
)
def test_slots(receiver: App, root: Path, flags: str, slots: int) -> None:
    """One slot, two if the DELETE verb is supported, whatever other verbs there are."""
    before = int(receiver.command("slots"))
    assert receiver.command(f"receive /new {root} - {flags}") == "ESP_OK"
    assert int(receiver.command("slots")) == before - slots


@pytest.mark.parametrize(("flags", "error"), [("d", "ESP_OK"), ("dr", "ROUTES_FULL")])
def test_no_slot_is_left(launch: Callable[..., App], root: Path, flags: str, error: str) -> None:
    app = launch()
    for i in range(int(app.command("slots")) - 1):
        assert app.command(f"route /{i} 1") == "ESP_OK"
    assert app.command(f"receive /new {root} - {flags}") == error


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
def test_what_is_refused(receiver: App, root: Path, arguments: str) -> None:
    """A prefix starts with a slash, and is needed without dynamic; ext_only needs ext_path."""
    before = receiver.command("slots")
    assert receiver.command("receive " + arguments.format(root)) == "ESP_ERR_INVALID_ARG"
    assert receiver.command("slots") == before


def test_without_a_prefix(launch: Callable[..., App], root: Path) -> None:
    app = launch()
    assert app.command(f"receive - {root} - dr") == "ESP_OK"
    assert app.request("/x/a", "PUT", body=b"1").code == 201
    assert app.get("/hello").code == 200  # came first
    assert files(root) == {"x": None, "x/a": b"1"}
    assert app.request("/", "DELETE").code == 403


def test_without_a_base(launch: Callable[..., App], root: Path) -> None:
    """The path is that of the storage then."""
    app = launch()
    assert app.command("receive /fs - - dr") == "ESP_OK"
    assert app.request(f"/fs{root}/x/a", "PUT", body=b"1").code == 201
    assert files(root) == {"x": None, "x/a": b"1"}
    assert app.request(f"/fs{root}/x/?force=1", "DELETE").code == 204
