# SPDX-License-Identifier: MIT
"""The modules webrepl and _webrepl in MicroPython."""
