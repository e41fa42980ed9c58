# SPDX-License-Identifier: MIT
"""Fuzzers of the parsers."""
