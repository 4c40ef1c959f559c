"""Keys and certificates, made once per process: a service account's RSA key, a CA, server certificates."""

from __future__ import annotations

import json
import ssl
import tempfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOSTS = (
    "sheets.googleapis.com",
    "oauth2.googleapis.com",
    "iamcredentials.googleapis.com",
    "sts.googleapis.com",
    "www.googleapis.com",
    "cloudresourcemanager.googleapis.com",
)
PROJECT = "902817465310"


@cache
def rsa_key(name: str = "default") -> rsa.RSAPrivateKey:
    """Return a fresh RSA key, cached by name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class ServiceAccount:
    """A service account as Google Cloud knows it."""

    email: str = "sheetflow@tracker-project.iam.example"
    key_name: str = "default"

    @property
    def key_id(self) -> str:
        """The ``kid`` in the JWT header."""
        return f"{zlib.crc32(self.key_name.encode()):040x}"

    def credentials(self) -> str:
        """Return the key file's JSON text, as downloaded from Google Cloud."""
        pem = rsa_key(self.key_name).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        info = {
            "type": "service_account",
            "project_id": "tracker-project",
            "private_key_id": self.key_id,
            "private_key": pem.decode(),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{self.email}",
            "universe_domain": "googleapis.com",
        }
        return json.dumps(info)


@dataclass(frozen=True)
class Certificates:
    """Files and TLS contexts of this process."""

    ca_file: Path
    trusted: ssl.SSLContext
    untrusted: ssl.SSLContext


@cache
def certificates() -> Certificates:
    """Return a CA that tests trust through REQUESTS_CA_BUNDLE, and a stranger's that they must not."""
    folder = Path(tempfile.mkdtemp(prefix="sheets-server-"))
    trusted = _context(folder, "ca")
    return Certificates(folder / "ca.pem", trusted, _context(folder, "stranger"))


def _context(folder: Path, name: str) -> ssl.SSLContext:
    """Return a CA, a leaf certificate for Google's hosts signed by it, and a server context with both."""
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Local Sheets server {name}")])
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False),  # sign certificates, CRLs
            critical=True,
        )
        .sign(ca_key, hashes.SHA256())
    )
    leaf_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    leaf = (
        _builder(leaf_name, ca_name, leaf_key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    leaf_file = folder / f"{name}-leaf.pem"
    leaf_file.write_bytes(
        leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf_file)
    return context


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    today = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=2))
    )
