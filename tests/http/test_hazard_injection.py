# SPDX-License-Identifier: MIT
"""Header injection and response splitting: everything that could end a line is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from .http_app import App


class TestInjection:
    """With a line break in a header one can write further headers, or whole responses."""

    @pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "\x01", "\x7f"])
    def test_value(self, app: App, value: str) -> None:
        response = app.get(f"/header?name=X-Own&value={quote(value)}")
        assert response.text == "ESP_ERR_INVALID_ARG"

    @pytest.mark.parametrize("name", ["X\r\nY", "X Y", "X:", "X\tY", "é"])
    def test_name(self, app: App, name: str) -> None:
        assert app.get(f"/header?name={quote(name)}&value=1").text == "ESP_ERR_INVALID_ARG"

    def test_type(self, app: App) -> None:
        response = app.get(f"/header?mime={quote('text/html' + chr(13) + chr(10) + 'X: 1')}")
        assert response.text == "ESP_ERR_INVALID_ARG"

    def test_status(self, app: App) -> None:
        line = quote("200 OK\r\nX-Evil: 1")
        assert app.get(f"/status?line={line}").text == "ESP_ERR_INVALID_ARG"

    @pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
    def test_framing_is_the_server_s_own(self, app: App, name: str) -> None:
        assert app.get(f"/header?name={name}&value=1").text == "ESP_ERR_INVALID_ARG"
