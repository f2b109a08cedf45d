"""共享报文: one message as JSON, its signature, and the two keys that both sides derive from the exchange's secret.

The signature covers sender, receiver, time, a nonce and the bytes. An answer's signature also covers the nonce of its
question: an old answer does not fit a new question, and no answer can be used twice. A nonce of a question is accepted
once by the department. Each department signs with a key of its own; none can speak for another.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

LARGEST_MESSAGE_BYTES = 256 * 1024
CLOCK_TOLERANCE_SECONDS = 300

FROM, TO, TIME, NONCE, SIGNATURE = "X-Share-From", "X-Share-To", "X-Share-Time", "X-Share-Nonce", "X-Share-Signature"


class NotAMessage(ValueError):
    """The bytes are no message of the exchange."""


class BadSignature(ValueError):
    """Signature, time, nonce or addressee of a message do not hold. Its content must not be used."""


def encode(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(content: bytes) -> dict[str, Any]:
    """Read a message. Refuses what is too large and what is no JSON object."""
    if len(content) > LARGEST_MESSAGE_BYTES:
        raise NotAMessage(f"报文长度{len(content)}字节超过上限{LARGEST_MESSAGE_BYTES}字节")
    try:
        message = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotAMessage("报文不是完整的JSON") from error
    if not isinstance(message, dict):
        raise NotAMessage("报文不是JSON对象")
    return message


def signing_key(secret: bytes, department: str) -> bytes:
    """The key between the exchange and one department."""
    return hmac.new(secret, b"sign:" + department.encode(), hashlib.sha256).digest()


def person_reference(secret: bytes, id_kind: str, id_number: str) -> str:
    """A person in messages and tables: the same for everybody who holds the secret, and no way back to the number."""
    return "P" + hmac.new(secret, f"person:{id_kind}:{id_number}".encode(), hashlib.sha256).hexdigest()[:32]


def sign(key: bytes, content: bytes, *, sender: str, to: str, epoch: int, nonce: str, question: str = "") -> dict[str, str]:
    """The headers that carry a message. `question` is the nonce of the question an answer belongs to."""
    seal = _seal(key, content, sender, to, str(epoch), nonce, question)
    return {FROM: sender, TO: to, TIME: str(epoch), NONCE: nonce, SIGNATURE: seal}


def verify(key: bytes, content: bytes, headers: Mapping[str, str], *, to: str, epoch: int, question: str = "") -> str:
    """Check who sent these bytes to whom and when; gives the nonce, which the receiver of a question must not accept twice."""
    given = {name.lower(): value for name, value in headers.items()}
    sender, addressee, sent, nonce, seal = (given.get(name.lower(), "") for name in (FROM, TO, TIME, NONCE, SIGNATURE))
    expected = _seal(key, content, sender, addressee, sent, nonce, question)
    if not hmac.compare_digest(expected.encode(), seal.encode()):
        raise BadSignature("报文签名不符")
    if addressee != to:
        raise BadSignature("报文不是发给本方的")
    if not (sent.isascii() and sent.isdigit()) or abs(epoch - int(sent)) > CLOCK_TOLERANCE_SECONDS:
        raise BadSignature(f"报文时间与本机相差超过{CLOCK_TOLERANCE_SECONDS}秒")
    if len(nonce) < 16:
        raise BadSignature("报文随机数过短")
    return nonce


def _seal(key: bytes, content: bytes, sender: str, to: str, sent: str, nonce: str, question: str) -> str:
    covered = "\n".join((sender, to, sent, nonce, question, hashlib.sha256(content).hexdigest()))
    return hmac.new(key, covered.encode(), hashlib.sha256).hexdigest()
