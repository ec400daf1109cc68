"""Receipts: the site signs that it has stored exactly these bytes under that number.

A device deletes a report only after it has checked the signature and that the digest is that of
what it holds. ECDSA on P-256 with SHA-256 over the text, as WebCrypto verifies it (r and s, 32
bytes each).
"""

from __future__ import annotations

import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from harborlight.web.crew.envelope import private_key


def sign(number: str, digest: str, received_at: str, *, readable: bool) -> dict[str, str]:
    """A receipt: the text that was signed, and the signature in base64."""
    text = json.dumps(
        {"id": number, "sha256": digest, "received_at": received_at, "readable": readable},
        sort_keys=True,
    )
    der = private_key("receipt").sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(32) + s.to_bytes(32)
    return {"text": text, "signature": base64.b64encode(raw).decode("ascii")}


def verify(text: str, signature: str) -> bool:
    """Whether this site signed this text."""
    try:
        raw = base64.b64decode(signature, validate=True)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        private_key("receipt").public_key().verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return len(raw) == 64
