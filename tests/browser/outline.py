"""What a page offers, read from its HTML: where its links lead and what its buttons send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from playwright.sync_api import Page


@dataclass(frozen=True)
class Button:
    """A button of a form that sends. `action` is a path."""

    action: str
    words: str

    @property
    def kind(self) -> tuple[str, str]:
        return kind_of(self.action), self.words


@dataclass
class Outline(HTMLParser):
    """Of one page. Links are paths with queries; a button of a form that only asks is a link too."""

    address: str
    links: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._form: tuple[str, bool, dict[str, str]] | None = None
        self._button: tuple[str, str] | None = None
        self._said = ""
        self._inside = False
        self._own: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._inside = True
        elif tag == "a" and given.get("href", "#")[0] != "#":
            self.links.append(self._here(given["href"]))
            if self._inside:
                self._own.add(kind_of(self.links[-1]))
        elif tag == "form":
            self._form = (self._here(given.get("action") or self.address), given.get("method", "get").lower() == "post", {})
        elif tag == "input" and self._form and given.get("type") == "hidden" and given.get("name"):
            self._form[2][given["name"]] = given.get("value", "")
        elif tag == "button" and self._form:
            self._button, self._said = (given.get("name", ""), given.get("value", "")), ""
            if not self._form[1] and given.get("name"):
                self.links.append(f"{self._form[0].split('?')[0]}?{urlencode(self._form[2] | {given['name']: given.get('value', '')})}")
            if self._form[1]:
                self.buttons.append(Button(self._form[0], given.get("aria-label", "")))

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._said += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            if self._form and self._form[1] and self._said.strip():
                self.buttons[-1] = Button(self._form[0], self._said.strip())
            self._button = None
        elif tag == "form":
            self._form = None

    def _here(self, address: str) -> str:
        parts = urlsplit(urljoin(f"http://here{self.address}", address))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def kind(self) -> tuple[object, ...]:
        """Pages alike in what they offer, the menu aside; two roles that may do the same on a page see the same kind."""
        return kind_of(self.address).split("?")[0], frozenset(self._own), frozenset(button.kind for button in self.buttons)


def kind_of(address: str) -> str:
    """Addresses that differ only in numbers and names of records lead to the same kind of page."""
    parts = urlsplit(address)
    path = re.sub(r"/[^/]*\d[^/]*(?=/)", "/0", parts.path)
    path = re.sub(r"/policy/[^/]+/", "/policy/0/", path)
    query = "&".join(f"{name}={value if not re.search('[0-9]', value) else '0'}" for name, value in sorted(parse_qsl(parts.query)))
    return f"{path}?{query}" if query else path


def asked_for(page: Page, address: str) -> tuple[int, Outline | None]:
    """The status of an address, and the outline of what it shows when that is a page."""
    answer = page.request.get(address)
    if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
        return answer.status, None
    parts = urlsplit(answer.url)
    outline = Outline(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    outline.feed(answer.text())
    return answer.status, outline


def pages_of(page: Page) -> Iterator[Outline]:
    """Two pages of each kind of address that this visitor can reach."""
    found: dict[str, set[str]] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0).split("?")[0]
        same = found.setdefault(kind_of(address), set())
        if address in same or len(same) == 2:
            continue
        same.add(address)
        _, outline = asked_for(page, address)
        if outline is not None:
            waiting += outline.links
            yield outline
