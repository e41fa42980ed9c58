# SPDX-License-Identifier: MIT
"""A page that plots what a sensor measures, as it measures it."""

import time
from math import sin

import uhttpd


def measure():
    """The temperature of the chip, or a made-up one where the chip has no sensor."""
    try:
        import esp32

        return esp32.mcu_temperature()
    except (ImportError, AttributeError):
        return round(21 + 3 * sin(time.time() / 10), 1)


httpd = uhttpd.Server(8080, events=4)
httpd.event("/events")


@httpd.get("/")
def page(req):
    return open("index.html")


while True:
    httpd.dispatch({"time": time.time(), "celsius": measure()})
    time.sleep(1)
