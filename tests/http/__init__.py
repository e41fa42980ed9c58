# SPDX-License-Identifier: MIT
"""The server, tested byte by byte."""
