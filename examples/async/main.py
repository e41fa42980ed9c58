# SPDX-License-Identifier: MIT
"""Async functions as callbacks, beside the tasks of a program that uses asyncio."""

import asyncio

import uhttpd

httpd = uhttpd.Server(8080)
lamp = {"on": False, "period": 0.5}
pressed = asyncio.Event()


async def blink():
    """Goes on whatever clients do."""
    while True:
        lamp["on"] = not lamp["on"]
        await asyncio.sleep(lamp["period"])


@httpd.get("/lamp")
async def state(req):
    return lamp


@httpd.put("/lamp/<int:milliseconds>")
async def period(req, milliseconds):
    lamp["period"] = max(milliseconds, 10) / 1000
    return None


@httpd.get("/button")
async def button(req):
    """Answers when the button is pressed. Any number may wait, and none takes a thread."""
    await pressed.wait()
    return "pressed"


@httpd.post("/button")
async def press(req):
    pressed.set()
    pressed.clear()


@httpd.get("/count/<int:last>")
async def count(req, last):
    """A body that takes its time. It ends early if the client goes."""
    for number in range(last):
        yield f"{number}\n"
        await asyncio.sleep(lamp["period"])


async def main():
    asyncio.create_task(blink())
    await httpd.serve_forever()


asyncio.run(main())
