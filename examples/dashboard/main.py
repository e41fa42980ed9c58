# SPDX-License-Identifier: MIT
"""What the board is doing, on a page that needs no code."""

import os
import time

import uhttpd

httpd = uhttpd.Server(8080, events=4)
uhttpd.dashboard(httpd, title="This board")


def count_for_a_second():
    """How often a loop runs beside the server: the more requests, the fewer turns."""
    turns, now = 0, time.time()
    while time.time() < now + 1:
        turns += 1
        time.sleep(0.001)
    return turns


def free_space():
    """Kilobytes that are free on the disk."""
    disk = os.statvfs("/")
    return disk[0] * disk[3] // 1024


start = time.time()
while True:
    figures = {"turns": count_for_a_second(), "KB free": free_space()}
    figures["awake"] = "for %d s" % (time.time() - start)  # what is no number is shown as text
    httpd.dispatch(figures)
