# SPDX-License-Identifier: MIT
# The frozen modules of MicroPython's own esp32 boards, except webrepl: that is ours.
freeze("$(PORT_DIR)/modules")
include("$(MPY_DIR)/extmod/asyncio")
module("uhttpd_session.py", base_path="../../modules", opt=3)
module("uhttpd_testing.py", base_path="../../modules", opt=3)
module("webrepl.py", base_path="../../modules", opt=3)
module("webrepl_setup.py", base_path="../../modules", opt=3)

require("mip")
require("ntptime")
require("requests")
require("ssl")
require("urequests")

require("aioespnow")
require("dht")
require("ds18x20")
require("neopixel")
require("onewire")
require("umqtt.robust")
require("umqtt.simple")
require("upysh")
