"""The press prints in a process of its own, and a process that dies is replaced."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator

import pypdf
import pytest

from hpf.workplan.gateways.press import NotPrinted, Press


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    press = Press()
    press.foresee()
    yield press
    press.close()


def words(pdf: bytes) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_it_prints_elsewhere(press: Press) -> None:
    assert "台账" in words(press.pdf("<p>台账</p>"))
    assert press._process is not None and press._process.pid != os.getpid()


def test_a_killed_process_is_begun_anew_and_the_sheet_is_printed(press: Press) -> None:
    press.pdf("<p>一</p>")
    assert press._process is not None
    former = press._process.pid
    os.kill(former, signal.SIGKILL)
    assert "二" in words(press.pdf("<p>二</p>"))
    assert press._process.pid != former


def test_a_sheet_that_cannot_be_set_says_why_and_the_next_one_is_printed(press: Press) -> None:
    with pytest.raises(NotPrinted):
        press.pdf("")
    assert "三" in words(press.pdf("<p>三</p>"))


def test_it_fetches_nothing(press: Press) -> None:
    """A picture from elsewhere is left out, whatever its address."""
    (page,) = pypdf.PdfReader(io.BytesIO(press.pdf('<p>四</p><img src="file:///etc/hostname">'))).pages
    assert not page.images


def test_the_process_ends_with_its_owner() -> None:
    press = Press()
    press.pdf("<p>五</p>")
    process = press._process
    assert process is not None
    press.close()
    assert process.returncode == 0
