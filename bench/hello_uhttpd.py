# SPDX-License-Identifier: MIT
"""Hello World from Python callbacks: uhttpd."""

import asyncio

import uhttpd

httpd = uhttpd.Server(0)


@httpd.get("/")
def hello(req):
    req.write("Hello World", mime="text/plain")


@httpd.get("/returned")
def returned(req):
    return "Hello World"


@httpd.get("/async")
async def awaited(req):
    return "Hello World"


print("PORT", httpd.port())
asyncio.run(httpd.serve_forever())
