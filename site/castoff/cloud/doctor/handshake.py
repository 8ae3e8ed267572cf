"""The certificate that a host really presents, as browsers get to see it."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = 5.0


def present(host: str, *, port: int = 443, trusted: ssl.SSLContext | None = None) -> Mapping[str, Any] | str:
    """Return the certificate that a host presents, or why a browser would not go on; `trusted` is for tests."""
    context = trusted or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            return wrapped.getpeercert() or "it presents no certificate"
    except ssl.SSLCertVerificationError as error:
        return f"browsers refuse its certificate: {error.verify_message}"
    except ssl.SSLError as error:
        return f"no TLS: {error.reason or 'the connection broke'}"
    except socket.gaierror:
        return "its name is not known"
    except TimeoutError:
        return f"no connection within {_SECONDS:g} s"
    except OSError as error:
        return f"no connection: {error.strerror or error}"
