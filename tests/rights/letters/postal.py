"""A real mail server on this machine, with the faults that one can have."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


class Postbox:
    """What arrived.

    `faults`: what the next messages meet, one each: `recipient`, `busy`, `hang up`, `taken, then silent`.
    """

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.faults: list[str] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """A recipient is offered."""
        if self.faults[:1] == ["recipient"]:
            self.faults.pop(0)
            return f"550 5.1.1 no such person as {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """A message is offered."""
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "busy":
            return f"451 4.3.0 not now for {envelope.rcpt_tos[0]}"
        if fault == "hang up":
            server.transport.abort()
            return "421 gone"
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        if fault == "taken, then silent":
            server.transport.abort()
        return "250 OK"


@contextmanager
def running(folder: Path) -> Iterator[tuple[Postbox, int, Path]]:
    """A server that takes nothing without STARTTLS: its box, its port, and the certificate to trust it by."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the server's own log names who writes to whom
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Postbox()
    server = Controller(box, hostname=HERE, port=_free_port(), tls_context=context, require_starttls=True)
    server.start()
    try:
        yield box, server.port, certificate
    finally:
        server.stop()


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as asked:
        return int(asked.getsockname()[1])


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, secret
