# SPDX-License-Identifier: MIT
"""A page that plots what a sensor measures, as it measures it."""

import time
from math import sin

import uhttpd

try:
    from esp32 import mcu_temperature as measure  # the chip's own sensor
except ImportError:

    def measure():
        """Makes up a temperature where there is no sensor."""
        return round(21 + 3 * sin(time.time() / 10), 1)


httpd = uhttpd.Server(8080, events=4)
httpd.event("/events", buffer=8192)  # whoever opens the page gets the latest of them at once


@httpd.get("/")
def page(req):
    return open("index.html")


while True:
    httpd.dispatch({"time": time.time(), "celsius": measure()})
    time.sleep(1)
