# SPDX-License-Identifier: MIT
"""Starts WebREPL whatever the network does, so that a mistake in main.py needs no cable."""

import time

import webrepl

NETWORK, KEY = "the name of your network", "its password"
PASSWORD = "changeme"
PATIENCE = 15  # seconds


def join():
    """Joins the network. Returns whether it is there."""
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    wlan.connect(NETWORK, KEY)
    end = time.time() + PATIENCE
    while not wlan.isconnected() and time.time() < end:
        time.sleep(0.1)
    return wlan.isconnected()


def make():
    """Makes a network of the board's own, with WebREPL at http://192.168.4.1:8266/."""
    wlan = network.WLAN(network.STA_IF)
    wlan.active(False)
    access_point = network.WLAN(network.AP_IF)
    access_point.config(essid="board", key=PASSWORD, security=network.AUTH_WPA2_PSK)
    access_point.active(True)


try:
    import network

    if not join():
        make()
except ImportError:
    pass  # a desktop, which has its network already
webrepl.start(password=PASSWORD)
