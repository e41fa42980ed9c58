# SPDX-License-Identifier: MIT
"""The module machine as uhttpd.ota() uses it: MicroPython's Python."""


def reset():
    """Ends the program, if it is the program that calls."""
    print("RESET")
    raise SystemExit
