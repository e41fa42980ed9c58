# SPDX-License-Identifier: MIT
# The firmware that people build, plus the program that the tests talk to.
include("../../micropython/esp32/board/manifest.py")
module("main.py", base_path=".")
