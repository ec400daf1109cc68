"""A report sealed to a site's key, and a receipt checked: as a phone does it, by our own way."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def _key(point: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(point))


def seal(number: str, plain: bytes, point: str) -> bytes:
    """The envelope of a report, for the site whose key to receive is this point in base64."""
    own = ec.generate_private_key(ec.SECP256R1())
    shared = own.exchange(ec.ECDH(), _key(point))
    key = HKDF(hashes.SHA256(), 32, None, b"harborlight crew 1").derive(shared)
    parts = {
        "epk": own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "iv": b"0" * 12,
        "ct": AESGCM(key).encrypt(b"0" * 12, plain, number.encode()),
    }
    told = {name: base64.b64encode(value).decode() for name, value in parts.items()}
    hashed = hashlib.sha256(plain).hexdigest()
    return json.dumps({"v": 1, "id": number, **told, "sha256": hashed}).encode()


def signed(receipt: dict[str, str], point: str) -> bool:
    """Whether the site whose key for receipts is this point signed it."""
    raw = base64.b64decode(receipt["signature"])
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        _key(point).verify(der, receipt["text"].encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
