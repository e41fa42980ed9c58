# SPDX-License-Identifier: MIT
"""The command `webrepl`: each module a group of its verbs, main.py what holds them together."""
