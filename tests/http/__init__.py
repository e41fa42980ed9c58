# SPDX-License-Identifier: MIT
"""The server, byte by byte."""
