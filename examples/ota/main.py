# SPDX-License-Identifier: MIT
"""A board whose firmware is replaced over the network, and comes back if the new one fails."""

import sys

import uhttpd

PASSWORD = "changeme"  # at least 8 characters
LARGEST = 4 * 1024 * 1024  # bytes of a firmware


def works():
    """Whether this firmware does its job. Put here what must work for the next update, too."""
    import network

    return network.WLAN(network.STA_IF).isconnected()


httpd = uhttpd.Server(8080, max_body=LARGEST)


@httpd.get("/")
def page(req):
    return "<!doctype html><title>A board</title><p>This is %s. <a href=/ota>Replace it</a>" % (
        sys.version
    )


try:
    last = uhttpd.ota(httpd, PASSWORD, check=works)
    print({"": "No update.", "new": "The update works.", "back": "The update failed."}[last])
except ImportError:
    print("A desktop has no partitions: there are no updates here.")
