"""Hello World from a Python callback: uhttpd."""

import time

import uhttpd


def hello(req):
    req.write("Hello World", mime="text/plain")


httpd = uhttpd.Server(0, routes=4)
httpd.route("/", uhttpd.GET, hello)
print("PORT", httpd.port())
while True:
    time.sleep(1)
