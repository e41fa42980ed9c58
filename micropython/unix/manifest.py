# SPDX-License-Identifier: MIT
# Modules frozen into the desktop firmware. None is from micropython-lib: source packages lack it.
include("$(MPY_DIR)/extmod/asyncio")
module("ssl.py", base_path="../modules", opt=3)
module("uhttpd_async.py", base_path="../modules", opt=3)
module("uhttpd_dashboard.py", base_path="../modules", opt=3)
module("uhttpd_ota.py", base_path="../modules", opt=3)
module("uhttpd_session.py", base_path="../modules", opt=3)
module("uhttpd_testing.py", base_path="../modules", opt=3)
module("uhttpd_wifi.py", base_path="../modules", opt=3)
module("webrepl.py", base_path="../modules", opt=3)
module("webrepl_setup.py", base_path="../modules", opt=3)
