# SPDX-License-Identifier: MIT
"""The terminal and its files, tested byte by byte."""
