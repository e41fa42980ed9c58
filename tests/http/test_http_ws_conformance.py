# SPDX-License-Identifier: MIT
"""RFC 6455 in strict mode, case by case; docs/websocket-conformance.md lists them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import websocket_report
from .conftest import PATIENT
from .http_app import App
from .ws_cases import CASES, Case
from .ws_wire import Wire

ALL = [case for cases in CASES.values() for case in cases]


@pytest.fixture(scope="module")
def server(http_app: Path) -> Iterator[App]:
    """One server for all cases."""
    app = App(http_app, {**PATIENT, **websocket_report.OPTIONS})
    yield app
    try:
        app.finish()
    finally:
        app.kill()


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.number)
def test_case(server: App, case: Case) -> None:
    wire = Wire(server.port, websocket_report.URL)
    try:
        case.play(wire)
    finally:
        wire.close()


def test_the_report_lists_them() -> None:
    report = websocket_report.REPORT.read_text()
    assert report == websocket_report.render({case.number for case in ALL})
