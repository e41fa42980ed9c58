# SPDX-License-Identifier: MIT
"""Test vectors of docs/webrepl-protocol.md."""
