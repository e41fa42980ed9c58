# SPDX-License-Identifier: MIT
# What MicroPython's own esp32 boards have frozen in, but for webrepl: that is a module in C here.
freeze("$(PORT_DIR)/modules")
include("$(MPY_DIR)/extmod/asyncio")

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
