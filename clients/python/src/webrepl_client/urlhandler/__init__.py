# SPDX-License-Identifier: MIT
"""Lets pyserial open ws:// and wss:// addresses of boards.

    serial.protocol_handler_packages.append("webrepl_client.urlhandler")
    port = serial.serial_for_url("ws://192.168.4.1/ws")

The password comes from `serial_port.given`, WEBREPL_PASSWORD, the keyring, or is asked for.
"""
