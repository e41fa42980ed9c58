# SPDX-License-Identifier: MIT
"""Mistakes. The comment of a line has the words that a checker must have for it."""

import uhttpd

httpd = uhttpd.Server(prot=80)  # prot
httpd.get_it("/")  # get_it
httpd.event(1)  # str
uhttpd.dashboard(httpd, heading="Board")  # heading
print(uhttpd.GETT)  # GETT


@httpd.get("/")
def answer(req: uhttpd.Request) -> None:
    req.body_len()  # body_len
    uhttpd.abort("404")  # int
