# SPDX-License-Identifier: MIT
# What is frozen into the desktop firmware. micropython-lib is not: a source package lacks it.
include("$(MPY_DIR)/extmod/asyncio")
module("ssl.py", base_path="../modules", opt=3)
module("webrepl.py", base_path="../modules", opt=3)
module("webrepl_setup.py", base_path="../modules", opt=3)
