# SPDX-License-Identifier: MIT
"""Joins a Wi-Fi network when the board starts. The examples run after it, as main.py."""

import time

import network

wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("the name of your network", "its password")
while not wlan.isconnected():
    time.sleep(0.1)
print("http://%s:8080/" % wlan.ifconfig()[0])
