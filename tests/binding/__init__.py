# SPDX-License-Identifier: MIT
"""The modules in MicroPython, by programs that use them."""
