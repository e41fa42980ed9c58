# SPDX-License-Identifier: MIT
"""The page on which people choose the network of a board that has none."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.support.http import Response

from .device import Device, eventually


@pytest.fixture(autouse=True)
def waits_for_setup(monkeypatch: pytest.MonkeyPatch, firmware: str, chosen_target: str) -> None:
    """Starts a firmware that has no network to join."""
    if firmware != "c" or chosen_target not in ("desktop", "linux"):
        pytest.skip("only a process can be told to pretend")
    monkeypatch.setenv("FIRMWARE_SETUP", "1")


def post(device: Device, body: str) -> Response:
    client = device.connect()
    try:
        return client.request("/setup", method="POST", body=body.encode())
    finally:
        client.close()


def test_the_first_page_leads_there(device: Device) -> None:
    response = device.get("/")
    assert (response.code, response.header("Location")) == (302, "/setup")
    assert b"<form>" in device.get("/setup").body


@pytest.mark.parametrize(
    ("name", "password", "problem"),
    [
        ("", "password", "name"),
        ("x" * 33, "password", "name"),
        ("home", "short", "password"),
        ("home", "x" * 64, "password"),
        ("home", "x" * 65, ""),
    ],
)
def test_impossible_networks_are_refused(
    device: Device, name: str, password: str, problem: str
) -> None:
    response = post(device, f"name={quote_plus(name)}&password={quote_plus(password)}")
    assert response.code == 400
    assert problem in response.text


def test_a_form_without_end(device: Device) -> None:
    assert post(device, "name=" + "x" * 5000).code == 413


def test_a_choice_is_stored_and_the_board_starts_again(device: Device, tmp_path: Path) -> None:
    response = post(device, "name=" + quote_plus("Café & Söhne") + "&password=" + "%41" * 8)
    assert response.code == 200
    if device.target == "desktop":
        output = tmp_path / "output"
        eventually(lambda: 'would join "Café & Söhne" with a password' in output.read_text())
        device.wait_until_up()
