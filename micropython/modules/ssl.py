# SPDX-License-Identifier: MIT
"""The ssl module that MicroPython documents, on the tls module that the firmware has in C."""

import tls
from tls import (
    CERT_NONE,
    CERT_OPTIONAL,
    CERT_REQUIRED,
    MBEDTLS_VERSION,
    PROTOCOL_TLS_CLIENT,
    PROTOCOL_TLS_SERVER,
)

__all__ = (
    "CERT_NONE",
    "CERT_OPTIONAL",
    "CERT_REQUIRED",
    "MBEDTLS_VERSION",
    "PROTOCOL_TLS_CLIENT",
    "PROTOCOL_TLS_SERVER",
    "SSLContext",
    "wrap_socket",
)


def _contents(source):
    """A key or certificate: the contents of the named file, or the bytes themselves."""
    if isinstance(source, str):
        with open(source, "rb") as file:
            return file.read()
    return source


class SSLContext:
    """Settings of connections, their keys and certificates."""

    def __init__(self, protocol):
        """Settings for one side: PROTOCOL_TLS_CLIENT or PROTOCOL_TLS_SERVER."""
        self._context = tls.SSLContext(protocol)

    @property
    def verify_mode(self):
        """Whether the other side's certificate is verified: CERT_NONE, _OPTIONAL, _REQUIRED."""
        return self._context.verify_mode

    @verify_mode.setter
    def verify_mode(self, mode):
        self._context.verify_mode = mode

    def get_ciphers(self):
        """Lists the cipher suites that may be used."""
        return self._context.get_ciphers()

    def set_ciphers(self, ciphers):
        """Limits the cipher suites that may be used."""
        self._context.set_ciphers(ciphers)

    def load_cert_chain(self, certfile, keyfile):
        """Takes certificate and key for this side: names of files, or their contents."""
        self._context.load_cert_chain(_contents(certfile), _contents(keyfile))

    def load_verify_locations(self, cafile=None, cadata=None):
        """Loads the certificates that verify the other side's."""
        self._context.load_verify_locations(_contents(cafile) if cafile else cadata)

    def wrap_socket(
        self, sock, *, server_side=False, do_handshake_on_connect=True, server_hostname=None
    ):
        """Begins TLS on a connected socket; returns a stream."""
        return self._context.wrap_socket(
            sock,
            server_side=server_side,
            do_handshake_on_connect=do_handshake_on_connect,
            server_hostname=server_hostname,
        )


def wrap_socket(
    sock,
    server_side=False,
    key=None,
    cert=None,
    cert_reqs=CERT_NONE,
    cadata=None,
    server_hostname=None,
    do_handshake=True,
):
    """Wraps a socket without a context; nothing is verified unless `cert_reqs` says so."""
    context = SSLContext(PROTOCOL_TLS_SERVER if server_side else PROTOCOL_TLS_CLIENT)
    context.verify_mode = cert_reqs
    if cert or key:
        context.load_cert_chain(cert, key)
    if cadata:
        context.load_verify_locations(cadata=cadata)
    return context.wrap_socket(
        sock,
        server_side=server_side,
        do_handshake_on_connect=do_handshake,
        server_hostname=server_hostname,
    )
