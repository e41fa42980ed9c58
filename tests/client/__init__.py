# SPDX-License-Identifier: MIT
"""The command `webrepl` and its library."""
