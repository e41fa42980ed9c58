# SPDX-License-Identifier: MIT
"""Wi-Fi that people set up with a phone: uhttpd.wifi_setup()."""

from typing import Annotated, Any

def wifi_setup(
    ssid: str | None = None,
    password: str | None = None,
    *,
    file: str = "/.wifi.json",
    port: Annotated[int, "0 to 65535"] = 80,
    timeout: Annotated[float, "1 to 600 seconds"] = 20,
    title: str = "Set up this board",
) -> Any:
    """Joins the Wi-Fi network that somebody has chosen, and returns when there is a connection.

    Without a network, or if it cannot be joined, the board opens one of its own. A phone that
    joins that shows a page (captive portal) with the networks in reach and a form for the
    password. If the password is wrong or the network is not there, the page says so and asks
    again. What worked is kept in a file for the next start. While nobody uses the page, the board
    goes on trying the network that it knows.

    It needs the module network, as boards have it, and lwIP's UDP port 53.

    Example::

        import uhttpd

        wlan = uhttpd.wifi_setup(password='only for setting up')
        httpd = uhttpd.Server()

    Args:
        ssid: Name of the board's own network. None: 'board-' and six digits of its address.
        password: Of that network, 8 to 63 characters. None: it is open, so whoever is near can
            choose the board's network, and can read what is typed.
        file: Where the network's name and password are kept. The file server does not hand out
            names that begin with a dot.
        port: TCP port of the page. Phones find it at 80 only.
        timeout: Seconds that joining a network may take.
        title: Heading of the page.

    Returns:
        The station interface, a connected network.WLAN.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: An argument is out of its range.
        OSError: There is no Wi-Fi, or a port is in use.
    """
