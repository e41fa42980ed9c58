# SPDX-License-Identifier: MIT
"""The command `webrepl`: main.py, and a module for each group of verbs."""
