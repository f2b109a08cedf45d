"""Values to JSON and back, by type: how a command's answer is kept for ever and given again on a repeat."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import enum
import hashlib
import json
import types
import typing
from decimal import Decimal
from functools import cache
from typing import Any

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


def to_plain(value: Any) -> Any:
    """A value of the kernel's and the standard library's plain types as JSON-ready data."""
    match value:
        case enum.Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Money():
            return value.fen
        case Month() | Rate() | Decimal():
            return str(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
        case list() | tuple():
            return [to_plain(item) for item in value]
        case set() | frozenset():
            return sorted(to_plain(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def from_plain(kind: Any, data: Any, bound: dict[Any, Any] | None = None) -> Any:
    """Rebuild a value of type `kind` from what `to_plain` gave. Generic dataclasses take their parameter from `kind`."""
    if isinstance(kind, typing.TypeVar):
        kind = (bound or {}).get(kind, Any)
    if data is None or kind is Any:
        return data
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return from_plain(next(arg for arg in args if arg is not type(None)), data, bound)
    if origin in (list, tuple, set, frozenset):
        if origin is tuple and args and args[-1] is not Ellipsis:
            return tuple(from_plain(arg, item, bound) for arg, item in zip(args, data, strict=True))
        return origin(from_plain(args[0] if args else Any, item, bound) for item in data)
    if origin is dict:
        return {from_plain(args[0], _key(args[0], key)): from_plain(args[1], item, bound) for key, item in data.items()}
    if kind is Money:
        return Money(data)
    if kind is Month:
        return Month.parse(data)
    if kind is Rate:
        return Rate.of(data)
    if kind is Decimal:
        return Decimal(data)
    if kind in (dt.date, dt.datetime):
        return kind.fromisoformat(data)
    if kind is bytes:
        return base64.b64decode(data)
    plain = origin or kind
    if isinstance(plain, type) and issubclass(plain, enum.Enum):
        return plain(data)
    if dataclasses.is_dataclass(plain):
        inner = dict(zip(getattr(plain, "__parameters__", ()), args, strict=False))
        hints = _hints(typing.cast(type, plain))
        return plain(**{name: from_plain(hints[name], item, inner) for name, item in data.items()})  # type: ignore[operator]
    return data


def _key(kind: Any, key: str) -> Any:
    return int(key) if kind is int else key


def digest(value: Any) -> bytes:
    """SHA-256 over a value's canonical JSON; bytes count by their own hash, so a large file is hashed once."""
    return hashlib.sha256(json.dumps(_hashed(value), ensure_ascii=False, sort_keys=True).encode()).digest()


def _hashed(value: Any) -> Any:
    if isinstance(value, bytes):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    if isinstance(value, dict):
        return {str(key): _hashed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hashed(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Money | Month | Rate):
        return {field.name: _hashed(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return to_plain(value)
