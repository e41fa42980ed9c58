# SPDX-License-Identifier: MIT
"""Generates MicroPython bindings from `.pyi` stubs.

A stub is the single truth about a module: the generator takes signatures, types, ranges, defaults
and constants from it and writes the C that MicroPython needs; people write only the bodies, whose
prototypes it writes too. `parse` reads a stub into the `model`, each `emit_*` writes one kind of
file from the model. What stubs may contain is in README.md.
"""
