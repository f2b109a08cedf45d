"""印制: HTML becomes PDF in a process of its own, so that pages are not slower while somebody prints.

Setting a long report takes seconds of Python, and the renderer and its fonts a hundred megabytes: neither belongs among
the threads that answer pages. The process is begun when a report is foreseen or asked for, prints one sheet after the
other, and ends by itself when its owner ends or when nothing was printed for a while.

    frame:  8 bytes, length, big-endian; then so many bytes. An answer begins with `+` (a PDF) or `-` (why not).
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import select
import struct
import subprocess
import sys
import threading
from functools import cache
from typing import IO, Any, Final

IDLE_SECONDS: Final = 600
_LENGTH: Final = struct.Struct(">Q")


class NotPrinted(Exception):
    """The sheet could not be set; the message says why."""


class Press:
    """One printing process and its queue. Safe to use from several threads: they print in turn."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def foresee(self) -> None:
        """Begin the process aside: whoever prints afterwards does not wait for the renderer to load."""
        if self._turn.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._turn.release()

    def pdf(self, html: str) -> bytes:
        """The sheet as PDF. A process that has ended meanwhile is begun anew, once.

        Raises  NotPrinted
        """
        with self._turn:
            for last in (False, True):
                process = self._running()
                assert process.stdin and process.stdout
                try:
                    _send(process.stdin, html.encode())
                    answer = _receive(process.stdout)
                except OSError:
                    answer = b""
                if answer:
                    break
                self._end()
                if last:
                    raise NotPrinted("the printing process ended twice")
        if answer[:1] != b"+":
            raise NotPrinted(answer[1:].decode())
        return answer[1:]

    def close(self) -> None:
        with self._turn:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()
        self._process = None


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    """One frame; empty when the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    return pipe.read(*_LENGTH.unpack(head))


def _set(html: str) -> bytes:
    """Nothing is fetched from anywhere: a picture or a style by address is left out."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    written: bytes = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(font_config=_fonts())
    return written


@cache
def _fonts() -> Any:
    """The fonts of this machine, opened once for all sheets."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _warm() -> str:
    """A report of one line. Once it is set, the fonts of all reports are found and open, and whoever prints first does not
    wait for that."""
    from hpf.workplan.gateways.report_pdf import report_html
    from hpf.workplan.rules.report import Passage, Report, Signature, Table

    table = Table(("序号", "任务"), (1, 9), (("1", "附表"),), frozenset({0}))
    passages = (Passage("一、附表", 1, ("附表。",), table, "附表"), Passage("（一）附表", 2))
    return report_html(Report("附表", "各中心：", "附表。", passages, "", Signature("附", "附", "附", "附"), "附表"))


def main() -> None:
    """The printing process: sheets from standard input, PDFs to standard output.

    Garbage is collected between sheets and not while somebody waits for one: a tenth of the time went into looking through
    the boxes of pages that are all still needed.
    """
    _set(_warm())
    gc.collect()
    gc.freeze()
    gc.disable()
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while select.select([incoming], [], [], IDLE_SECONDS)[0] and (html := _receive(incoming)):
        try:
            answer = b"+" + _set(html.decode())
        except Exception as failure:
            answer = f"-{type(failure).__name__}: {failure}".encode()
        _send(outgoing, answer)
        gc.collect()


PRESS: Final = Press()
"""This process's own."""
atexit.register(PRESS.close)

if __name__ == "__main__":
    main()
