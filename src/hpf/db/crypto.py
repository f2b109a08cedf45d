"""字段加密: identity numbers, phones and cards leave the process only as ciphertext.

One interface, two suites, chosen by `HPF_CRYPTO_SUITE`: INTERNATIONAL (AES-256-GCM, HMAC-SHA256) and GUOMI (SM4-GCM,
HMAC-SM3). Data keys are wrapped by a master key that lies in its own file (in production: in an HSM), the key's number
is inside every ciphertext, so old values stay readable after a rotation and `reencrypt` moves them on.

A ciphertext is bound to the column it belongs to (its context): moved to another column it does not open.
A blind index is a keyed digest of a normalised value, for exact look-up. It has one key; a new one means writing
every index anew, so it is refused to compute an index with a suite other than the one the key file was made for.

    python -m hpf.db.crypto new-keys PATH [--suite GUOMI]
    python -m hpf.db.crypto rotate PATH
"""

from __future__ import annotations

import argparse
import base64
import functools
import json
import os
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.db import models

_FORMAT = 1
_NONCE = 12
_TAG = 16
_HEAD = 6  # format, suite, key number (4)


class CannotDecrypt(Exception):
    """The bytes were changed, belong to another column, or their key is not in the key file."""


class KeysMissing(Exception):
    """There is no key file, or it does not fit the settings."""


class Suite(Protocol):
    """What one family of algorithms must offer."""

    name: str
    number: int
    key_bytes: int

    def seal(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes: ...
    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes: ...
    def digest(self, key: bytes, text: bytes) -> bytes: ...


class International:
    """AES-256-GCM and HMAC-SHA256."""

    name, number, key_bytes = "INTERNATIONAL", 1, 32

    def seal(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes:
        return _aes(key).encrypt(nonce, text, context)

    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        return _aes(key).decrypt(nonce, sealed, context)

    def digest(self, key: bytes, text: bytes) -> bytes:
        return _hmac(key, text, hashes.SHA256())


class Guomi:
    """SM4-GCM (GM/T 0002) and HMAC-SM3 (GM/T 0004)."""

    name, number, key_bytes = "GUOMI", 2, 16

    def seal(self, key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()

    def digest(self, key: bytes, text: bytes) -> bytes:
        return _hmac(key, text, hashes.SM3())


SUITES: dict[str, Suite] = {"INTERNATIONAL": International(), "GUOMI": Guomi()}
_BY_NUMBER = {suite.number: suite for suite in SUITES.values()}


@dataclass(frozen=True, slots=True)
class Keyring:
    """The unwrapped keys of one installation and the suite that seals from now on."""

    suite: Suite
    data_keys: dict[tuple[int, int], bytes]
    current: dict[int, int]
    index_suite: str
    index_key: bytes

    @classmethod
    def read(cls, path: Path, suite: str) -> Keyring:
        """Read a key file and its master key. Refuses a suite that the blind indexes were not made for."""
        if suite not in SUITES:
            raise KeysMissing(f"HPF_CRYPTO_SUITE 只能是 {'、'.join(SUITES)}，不能是 {suite}")
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            master = base64.b64decode(_master_path(path).read_text(encoding="ascii"))
        except FileNotFoundError as missing:
            raise KeysMissing(f"找不到密钥文件 {missing.filename}，请先运行 python -m hpf.db.crypto new-keys") from missing
        keys: dict[tuple[int, int], bytes] = {}
        current: dict[int, int] = {}
        for row in kept["data_keys"]:
            number = SUITES[row["suite"]].number
            keys[number, row["id"]] = _unwrap(master, row)
            current[number] = max(current.get(number, 0), row["id"])
        index = kept["index_key"]
        if index["suite"] != suite:
            raise KeysMissing(
                f"密钥文件的盲索引按 {index['suite']} 建立，HPF_CRYPTO_SUITE 却是 {suite}；更换算法须换新密钥文件并重建全部索引"
            )
        return cls(SUITES[suite], keys, current, index["suite"], _unwrap(master, index))

    def encrypt(self, text: str, context: str) -> bytes:
        number = self.suite.number
        key_id = self.current[number]
        nonce = secrets.token_bytes(_NONCE)
        head = bytes((_FORMAT, number)) + key_id.to_bytes(4, "big")
        return head + nonce + self.suite.seal(self.data_keys[number, key_id], nonce, text.encode(), head + context.encode())

    def decrypt(self, sealed: bytes, context: str) -> str:
        suite, key = self._key_of(sealed)
        nonce = sealed[_HEAD : _HEAD + _NONCE]
        try:
            text = suite.open(key, nonce, sealed[_HEAD + _NONCE :], sealed[:_HEAD] + context.encode())
        except InvalidTag as wrong:
            raise CannotDecrypt("密文被改动，或不属于这一列") from wrong
        return text.decode()

    def reencrypt(self, sealed: bytes, context: str) -> bytes:
        """The same text under the current key of the current suite; unchanged when it already is."""
        if sealed[:_HEAD] == bytes((_FORMAT, self.suite.number)) + self.current[self.suite.number].to_bytes(4, "big"):
            return sealed
        return self.encrypt(self.decrypt(sealed, context), context)

    def blind_index(self, kind: str, text: str) -> bytes:
        return self.suite.digest(self.index_key, kind.encode() + b"\0" + text.encode())

    def _key_of(self, sealed: bytes) -> tuple[Suite, bytes]:
        if len(sealed) < _HEAD + _NONCE + _TAG or sealed[0] != _FORMAT or sealed[1] not in _BY_NUMBER:
            raise CannotDecrypt("不是本系统的密文")
        key_id = int.from_bytes(sealed[2:_HEAD], "big")
        key = self.data_keys.get((sealed[1], key_id))
        if key is None:
            raise CannotDecrypt(f"密钥文件中没有第{key_id}号数据密钥，请恢复该密钥")
        return _BY_NUMBER[sealed[1]], key


@functools.cache
def keyring() -> Keyring:
    """The keys of this installation, read once."""
    from django.conf import settings

    return Keyring.read(Path(settings.HPF_KEY_FILE), settings.HPF_CRYPTO_SUITE)


def encrypt(text: str, context: str) -> bytes:
    """Seal a text for one column, named by its context: "parties.person.id_number"."""
    return keyring().encrypt(text, context)


def encrypt_all(texts: Iterable[str | None], context: str) -> list[bytes | None]:
    """Seal a column of texts, for statements that write many rows. None and "" stay None."""
    ring = keyring()
    return [ring.encrypt(text, context) if text else None for text in texts]


def decrypt(sealed: bytes | memoryview, context: str) -> str:
    return keyring().decrypt(bytes(sealed), context)


def reencrypt(sealed: bytes | memoryview, context: str) -> bytes:
    """Move a ciphertext to the current key. Rotation is a job that runs this over a column."""
    return keyring().reencrypt(bytes(sealed), context)


def blind_index(kind: str, text: str) -> bytes:
    """A keyed digest for exact look-up. `kind` separates fields: a phone never equals a card of the same digits.

    Normalise first: the index of "138 0931" is not the index of "1380931".
    """
    return keyring().blind_index(kind, text)


class EncryptedTextField(models.BinaryField):
    """Text in Python, ciphertext (bytea) in the column. Not searchable; keep a blind index beside it."""

    description = "加密文本"

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "context": self.context}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}")
        return super().get_db_prep_value(encrypt(value, self.context), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value, self.context)


def new_keys(path: Path, suite: str = "INTERNATIONAL") -> None:
    """Write a key file and its master key, readable by the owner only. Never overwrites one."""
    master = secrets.token_bytes(32)
    kept = {
        "format": _FORMAT,
        "data_keys": [_wrapped(master, 1, name) for name in SUITES],
        "index_key": _wrapped(master, 1, suite, purpose="index"),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_private(_master_path(path), base64.b64encode(master).decode())
    _write_private(path, json.dumps(kept, indent=1))


def rotate(path: Path) -> None:
    """Add a new data key for each suite; new values use it, old values stay readable."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    master = base64.b64decode(_master_path(path).read_text(encoding="ascii"))
    number = 1 + max(row["id"] for row in kept["data_keys"])
    kept["data_keys"] += [_wrapped(master, number, name) for name in SUITES]
    replacement = path.with_name(path.name + ".new")
    _write_private(replacement, json.dumps(kept, indent=1))
    replacement.replace(path)


@functools.lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    """The key schedule, set up once a key."""
    return AESGCM(key)


def _hmac(key: bytes, text: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    mac = HMAC(key, algorithm)
    mac.update(text)
    return mac.finalize()


def _master_path(path: Path) -> Path:
    return path.with_name(path.name + ".master")


def _wrapped(master: bytes, key_id: int, suite: str, purpose: str = "data") -> dict[str, Any]:
    size = 32 if purpose == "index" else SUITES[suite].key_bytes
    nonce = secrets.token_bytes(_NONCE)
    context = f"{purpose}:{suite}:{key_id}".encode()
    sealed = nonce + AESGCM(master).encrypt(nonce, secrets.token_bytes(size), context)
    return {"id": key_id, "suite": suite, "purpose": purpose, "wrapped": base64.b64encode(sealed).decode()}


def _unwrap(master: bytes, row: dict[str, Any]) -> bytes:
    sealed = base64.b64decode(row["wrapped"])
    context = f"{row['purpose']}:{row['suite']}:{row['id']}".encode()
    try:
        return AESGCM(master).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except InvalidTag as wrong:
        raise KeysMissing("主密钥与密钥文件不相配") from wrong


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m hpf.db.crypto")
    parser.add_argument("action", choices=["new-keys", "rotate"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--suite", choices=list(SUITES), default="INTERNATIONAL")
    given = parser.parse_args(arguments)
    try:
        new_keys(given.path, given.suite) if given.action == "new-keys" else rotate(given.path)
    except FileExistsError as there:
        print(f"密钥文件已存在，不覆盖：{there.filename}", file=sys.stderr)
        return 1
    print(json.dumps({"keys": str(given.path), "master": str(_master_path(given.path))}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
