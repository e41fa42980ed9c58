# SPDX-License-Identifier: MIT
"""Single functions of components/webrepl."""
