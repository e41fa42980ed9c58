# SPDX-License-Identifier: MIT
"""The module that pyserial looks for when an address begins with ws://."""

from ..serial_port import Serial

__all__ = ["Serial"]
