# SPDX-License-Identifier: MIT
"""Tables that several parts must agree with."""
