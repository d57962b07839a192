"""What proves that a call comes from WhatsApp."""

from __future__ import annotations

import hashlib
import hmac


def signature(secret: str, raw: bytes) -> str:
    """What `X-Hub-Signature-256` must say about a body: over the bytes as they came, for the sender escapes in its own way."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def signed(secret: str, raw: bytes, header: str) -> bool:
    """Whether `header` is the signature of `raw`."""
    return hmac.compare_digest(signature(secret, raw).encode(), header.encode())
