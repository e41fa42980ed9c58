# SPDX-License-Identifier: MIT
"""Both faces have the same methods, with the same arguments."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import webrepl_client
from webrepl_client import Board, aio
from webrepl_client.aio import AsyncBoard

OF_ONE_FACE = {"fileno", "options", "on_news", "on_lost"}
"""For select(), where there is no event loop; and attributes of the other face."""
SAME = sorted(
    {name for face in (Board, AsyncBoard) for name in vars(face) if name[0] != "_"} - OF_ONE_FACE
)
PLAIN = ("name", "kind", "default")


def shape(function: Any) -> list[tuple[Any, ...]]:
    parameters = inspect.signature(function).parameters.values()
    return [tuple(getattr(p, part) for part in PLAIN) for p in parameters if p.name != "report"]


@pytest.mark.parametrize("name", SAME)
def test_a_method_is_the_same_in_both(name: str) -> None:
    blocking, other = getattr(Board, name), getattr(AsyncBoard, name)
    if isinstance(blocking, property):
        assert isinstance(other, property)
        assert blocking.fget.__doc__ == other.fget.__doc__
        return
    assert shape(blocking) == shape(other)
    first = [(face.__doc__ or "").splitlines()[0] for face in (blocking, other)]
    assert first[0] == first[1]


def test_connecting_is_the_same() -> None:
    assert shape(webrepl_client.connect) == shape(aio.connect)


@pytest.mark.parametrize("name", SAME)
def test_everything_that_waits_has_a_time_limit(name: str) -> None:
    method = getattr(AsyncBoard, name)
    if inspect.iscoroutinefunction(method) and name != "close":
        assert "timeout" in inspect.signature(method).parameters
