# SPDX-License-Identifier: MIT
"""A page that plots numbers: uhttpd.dashboard()."""

def dashboard(
    httpd: object, url: str = "/", *, title: str = "Dashboard", events: str | None = None
) -> None:
    """Serves a page that plots what dispatch() sends. Takes one slot, two with its events.

    A dict becomes a plot for each number in it, with its last value; what is no number is shown as
    text. Other values are shown under the name of 'value'. The page reconnects by itself, and then
    gets what it missed, as far as the server keeps that. Only events without a name are shown.

    Example::

        httpd = uhttpd.Server(events=4)
        uhttpd.dashboard(httpd)
        while True:
            httpd.dispatch({'temperature': sensor.read(), 'state': 'heating'})
            time.sleep(1)

    Args:
        httpd: A Server with `events`.
        url: Where the page is.
        title: Heading of the page.
        events: The URL that event() was given. None: event() is called here, for the URL of the
            page and 'events' below it.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: As for Server.route().
        RuntimeError: As for Server.event().
    """
