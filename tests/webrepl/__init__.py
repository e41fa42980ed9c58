# SPDX-License-Identifier: MIT
"""The terminal and its files, byte by byte."""
