# SPDX-License-Identifier: MIT
"""Generates MicroPython bindings from `.pyi` stubs.

A stub is the only source of a module's signatures, types, ranges, defaults and constants. The
generator writes the C that MicroPython needs, and the prototypes of the bodies; people write only
the bodies. `parse` reads a stub into the `model`, and each `emit_*` writes one kind of file from
the model. README.md says what stubs may contain.
"""
