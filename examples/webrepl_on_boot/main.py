# SPDX-License-Identifier: MIT
"""A program that is busy all the time. WebREPL works beside it, and Ctrl-C there stops it."""

import time

count = 0


def work():
    """Counts, and never waits for anything."""
    global count
    start = time.time()
    while True:
        count += 1
        if count % 100000 == 0:
            print(count, "after", time.time() - start, "seconds")


work()
