# SPDX-License-Identifier: MIT
"""A board that somebody sets up with a phone. It has a page in the network that was chosen."""

import os

import uhttpd

FILE = ".wifi.json"  # no file server hands out names that begin with a dot
PASSWORD = "set me up"  # of the board's own network

try:
    wlan = uhttpd.wifi_setup(password=PASSWORD, file=FILE)
    address = wlan.ifconfig()[0]
except ImportError:  # a desktop has no Wi-Fi of its own, but a network
    wlan, address = None, "127.0.0.1"

httpd = uhttpd.Server(8080)


@httpd.get("/")
def page(req):
    name = wlan.config("ssid") if wlan else "the network of a desktop"
    yield f"<!doctype html><title>A board</title><p>This board is at {address}. "
    yield "It has joined " + uhttpd.escape(name)
    yield ".<form method=post action=/forget><button>Forget that</button></form>"


@httpd.post("/forget")
def forget(req):
    if FILE not in os.listdir():
        return "There is nothing to forget.", 404
    os.remove(FILE)
    return "Forgotten. With the next start the board asks again."


print("http://%s:%d/" % (address, httpd.port()))
