# SPDX-License-Identifier: MIT
"""Tables that several parts are held to."""
