# SPDX-License-Identifier: MIT
"""The program of the tests' boards: the routes of the firmware in plain C, written in Python."""

import _thread
import gc
import json
import os
import sys
import time

import uhttpd

ON_CHIP = sys.platform == "esp32"
BIG = 100_000
FOLDER = "/data" if ON_CHIP else os.getenv("FIRMWARE_DATA")


def connect():
    """Joins the Wi-Fi network that the file wifi.json names; returns the board's address."""
    import network

    with open("wifi.json") as file:
        ssid, password = json.load(file)
    station = network.WLAN(network.STA_IF)
    station.active(True)
    station.connect(ssid, password)
    while not station.isconnected():
        time.sleep(0.1)
    return station.ipconfig("addr4")[0]


def free_heap():
    """Returns how many bytes C code can still allocate."""
    gc.collect()
    if not ON_CHIP:
        return 0
    import esp32

    return sum(region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA))


def page(req):
    req.write("<!doctype html><title>MicroPython</title><p>It works.")


def figures():
    storage = os.statvfs(FOLDER)
    size, free = (storage[1] * storage[n] // 1024 for n in (2, 4))
    return {
        "target": sys.platform,
        "heap": {"free": free_heap()},
        "files": {"writable": True, "size_kb": size, "free_kb": free},
    }


def info(req):
    req.write(figures())


def sleep(req):
    time.sleep(float(req.query("s") or 1))
    req.write("awake", mime="text/plain")


def big(req):
    piece = bytes(range(256)) * 4
    for _ in range(BIG // len(piece)):
        req.send_chunk(piece)
    req.send_chunk(None)


def tell_all(everybody, data):
    if data is not None:
        everybody.send(data)


def start():
    port = 80 if ON_CHIP else int(os.getenv("FIRMWARE_PORT"))
    password = os.getenv("FIRMWARE_PASSWORD") if not ON_CHIP else "secret password"
    httpd = uhttpd.Server(port, routes=14, events=3)
    httpd.ws("/ws", password)
    httpd.route("/", uhttpd.GET, page)
    httpd.route("/sleep", uhttpd.GET, sleep)
    httpd.route("/big", uhttpd.GET, big)
    httpd.serve("/data", FOLDER, index=None)
    httpd.receive(prefix="/data", base=FOLDER, delete=True)
    httpd.event("/api/events")
    everybody = httpd.websocket(
        "/api/messages", lambda ws, data: tell_all(everybody, data), max_message=1024
    )
    httpd.route("/api/info", uhttpd.GET, info)  # last: once it answers, all do
    _thread.start_new_thread(tell, (httpd,))
    return httpd


def tell(httpd):
    """Sends figures to all listeners."""
    while True:
        time.sleep(2)
        try:
            httpd.dispatch(figures())
        except RuntimeError:
            return  # it was stopped


if ON_CHIP and "data" not in os.listdir("/"):
    os.mkdir(FOLDER)
if ON_CHIP and "wifi.json" in os.listdir():
    print("sta ip:", connect())
httpd = start()
print("firmware listens on port", httpd.port())
