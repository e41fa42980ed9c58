# SPDX-License-Identifier: MIT
"""The module's document, tested sentence by sentence."""
