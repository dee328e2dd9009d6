"""Only a site that proves its name is believed."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OPEN = {"ROBOTSTXT_OBEY": False, "DOWNLOAD_TIMEOUT": 2}


@pytest.fixture
def self_signed(tmp_path):
    """A TLS server with a certificate that nobody vouches for; `requests` is what it was asked."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "site.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []

    def serve():
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as stream:
                    requests.append(stream.recv(1000))
                    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], requests
    listener.close()


def test_a_certificate_that_nobody_vouches_for_ends_the_fetch(crawl, self_signed):
    port, requests = self_signed
    url = f"https://site.test:{port}/a"
    crawled = crawl(url, allow=["127.0.0.1"], settings=OPEN)
    assert crawled.results[0]["error"] == "DownloadFailedError"
    assert "certificate verify failed" in crawled.results[0]["text"]
    assert [request for request in requests if request] == []
    lax = crawl(url, allow=["127.0.0.1"], settings=OPEN | {"DOWNLOAD_VERIFY_CERTIFICATES": False})
    assert lax.results[0]["body"] == "ok", "the server itself is fine"


def test_a_handshake_that_never_ends_meets_the_deadline(crawl):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        url = f"https://site.test:{silent.getsockname()[1]}/"
        crawled = crawl(url, allow=["127.0.0.1"], settings=OPEN | {"DOWNLOAD_TIMEOUT": 1})
        assert crawled.results[0]["error"] == "DownloadTimeoutError"
        assert time.monotonic() - began < 8
