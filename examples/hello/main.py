# SPDX-License-Identifier: MIT
"""A page, a parameter in a path, a query, JSON, and what happens where there is nothing."""

import time

import uhttpd

httpd = uhttpd.Server(8080)

PAGE = """<!doctype html>
<title>Hello</title>
<h1>Hello World</h1>
<p>This board has been on for %d seconds.</p>
<ul>
  <li><a href="/hello/Ann">a greeting</a>
  <li><a href="/repeat/3?word=ho">a word, three times</a>
  <li><a href="/status">figures for programs</a>
</ul>
"""


@httpd.get("/")
def page(req):
    return PAGE % time.time()


@httpd.get("/hello/<name>")
def hello(req, name):
    return uhttpd.Response("Hello, %s" % name, mime="text/plain")


@httpd.get("/repeat/<int:times>")
def repeat(req, times):
    if not 0 < times <= 100:
        return "Between 1 and 100 times, please", 400
    word = req.args.get("word", "hello")
    return uhttpd.Response(" ".join([word] * times), mime="text/plain")


@httpd.get("/status")
def status(req):
    return {"seconds": time.time(), "you": req.remote()}
