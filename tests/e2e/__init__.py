# SPDX-License-Identifier: MIT
"""The whole project: clients, browsers and boards."""
