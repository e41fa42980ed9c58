# SPDX-License-Identifier: MIT
"""The modules in MicroPython, tested by programs that use them."""
