"""What a device hands in: a report sealed to the site's public key.

So the queue on the phone can be sent without being opened, and who finds the phone cannot read it.
ECDH on P-256, HKDF-SHA-256, AES-256-GCM: all of it is in every browser's WebCrypto. An envelope is
JSON: `{"v": 1, "id": UUID, "epk": base64 raw point, "iv": base64, "ct": base64, "sha256": hex}`;
`sha256` is of the plain bytes. The plain bytes are JSON too; see `body`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from harborlight.web.crypto.current import keys
from harborlight.web.frame import strict_json

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


class EnvelopeError(Exception):
    """The envelope cannot be opened. The message names no content."""


def private_key(purpose: str) -> ec.EllipticCurvePrivateKey:
    """The site's key for one purpose: `receive` or `receipt`."""
    seed = HKDF(hashes.SHA256(), 48, None, f"harborlight crew {purpose}".encode()).derive(
        keys().signing
    )
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_point(purpose: str) -> str:
    """The public key as base64 of its raw point, as WebCrypto imports it."""
    point = (
        private_key(purpose)
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.b64encode(point).decode("ascii")


def open_envelope(raw: bytes) -> tuple[str, bytes]:
    """The number that the device gave, and the plain bytes. EnvelopeError when it does not open."""
    try:
        told: dict[str, Any] = strict_json.loads(raw)
        number = str(told["id"])[:200]
        point, iv, sealed = (
            base64.b64decode(told[name], validate=True) for name in ("epk", "iv", "ct")
        )
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = private_key("receive").exchange(ec.ECDH(), theirs)
        key = HKDF(hashes.SHA256(), 32, None, b"harborlight crew 1").derive(shared)
        plain = AESGCM(key).decrypt(iv, sealed, number.encode())
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise EnvelopeError(f"not an envelope ({type(error).__name__})") from None
    except InvalidTag:
        raise EnvelopeError("sealed for another site, or changed on its way") from None
    return number, plain


def digest(plain: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(plain).hexdigest()
