# SPDX-License-Identifier: MIT
"""The whole: clients, browsers and boards."""
