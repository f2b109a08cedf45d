"""结算报文: one message of the settlement interface as XML, and its signature.

A message is a head of named fields and a body of named fields and named lists of records. Names are the
interface's own. The signature covers sender, time, a nonce and the bytes; an answer's signature also covers the nonce
of its question, so that an old answer cannot be played back to a new question.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

LARGEST_MESSAGE_BYTES = 32 * 1024 * 1024
CLOCK_TOLERANCE_SECONDS = 300

UNIT, TIME, NONCE, SIGNATURE = "X-BDC-Unit", "X-BDC-Time", "X-BDC-Nonce", "X-BDC-Signature"


class NotAMessage(ValueError):
    """The bytes are no message of the interface."""


class BadSignature(ValueError):
    """Signature, time or nonce of a message do not hold. Its content must not be used."""


@dataclass(frozen=True, slots=True)
class Message:
    head: dict[str, str]
    body: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.head.get("TxCode", "")


def encode(message: Message) -> bytes:
    root = ElementTree.Element("message")
    _fields(ElementTree.SubElement(root, "head"), message.head)
    body = ElementTree.SubElement(root, "body")
    _fields(body, message.body)
    for name, records in message.lists.items():
        holder = ElementTree.SubElement(body, "field-list", name=name)
        for record in records:
            _fields(ElementTree.SubElement(holder, "record"), record)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def decode(content: bytes) -> Message:
    """Read a message. Refuses document type declarations (entities) and anything over the size limit."""
    if len(content) > LARGEST_MESSAGE_BYTES:
        raise NotAMessage(f"报文长度{len(content)}字节超过上限{LARGEST_MESSAGE_BYTES}字节")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotAMessage("报文含文档类型声明，不予解析")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no entities: declarations are refused above
    except ElementTree.ParseError as error:
        raise NotAMessage(f"报文不是完整的XML：{error}") from error
    head, body = root.find("head"), root.find("body")
    if root.tag != "message" or head is None or body is None:
        raise NotAMessage("报文缺少head或body")
    lists = {holder.get("name", ""): [_read(record) for record in holder.findall("record")] for holder in body.findall("field-list")}
    return Message(_read(head), _read(body), lists)


def _fields(parent: ElementTree.Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        ElementTree.SubElement(parent, "field", name=name).text = "".join(c for c in value if c >= " " or c in "\t\n")


def _read(parent: ElementTree.Element) -> dict[str, str]:
    return {item.get("name", ""): item.text or "" for item in parent.findall("field")}


def sign(key: bytes, content: bytes, *, unit: str, epoch: int, nonce: str, question: str = "") -> dict[str, str]:
    """The headers that carry a message. `question` is the nonce of the question an answer belongs to."""
    return {UNIT: unit, TIME: str(epoch), NONCE: nonce, SIGNATURE: _seal(key, content, unit, str(epoch), nonce, question)}


def verify(key: bytes, content: bytes, headers: Mapping[str, str], *, epoch: int, question: str = "") -> str:
    """Check who sent these bytes and when; gives the nonce, which the caller must not accept twice."""
    given = {name.lower(): value for name, value in headers.items()}
    unit, sent, nonce, seal = (given.get(name.lower(), "") for name in (UNIT, TIME, NONCE, SIGNATURE))
    expected = _seal(key, content, unit, sent, nonce, question)
    if not hmac.compare_digest(expected.encode(), seal.encode()):
        raise BadSignature("报文签名不符")
    if not sent.isdigit() or abs(epoch - int(sent)) > CLOCK_TOLERANCE_SECONDS:
        raise BadSignature(f"报文时间{sent}与本机相差超过{CLOCK_TOLERANCE_SECONDS}秒")
    if len(nonce) < 16:
        raise BadSignature("报文随机数过短")
    return nonce


def _seal(key: bytes, content: bytes, unit: str, sent: str, nonce: str, question: str) -> str:
    covered = "\n".join((unit, sent, nonce, question, hashlib.sha256(content).hexdigest()))
    return hmac.new(key, covered.encode(), hashlib.sha256).hexdigest()
