"""结算报文: what is read is what was written, and only from who signed it, now, for this question."""

import pytest

from hpf.treasury.gateways.wire import BadSignature, Message, NotAMessage, decode, encode, sign, verify
from hpf.treasury.rules.numbers import PAYMENT, NotANumber, centre_of_unit, id_of, number, unit_no

KEY, NONCE = b"key", "n" * 32


def test_a_message_survives_the_way() -> None:
    message = Message({"TxCode": "BDC113"}, {"AcctNo": "1", "Summary": "<汇缴> & “补缴”"}, {"Detail": [{"A": "1"}, {"A": ""}]})
    assert decode(encode(message)) == message


@pytest.mark.parametrize("content", [b"", b"<message>", b"<a/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><message><head/><body/></message>"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(NotAMessage):
        decode(content)


def test_a_signature_holds_for_its_bytes_its_time_and_its_question() -> None:
    headers = sign(KEY, b"body", unit="U", epoch=1000, nonce=NONCE, question="q")
    assert verify(KEY, b"body", headers, epoch=1000, question="q") == NONCE
    for key, content, epoch, question in (
        (b"other", b"body", 1000, "q"),
        (KEY, b"bodY", 1000, "q"),
        (KEY, b"body", 2000, "q"),
        (KEY, b"body", 1000, "p"),
    ):
        with pytest.raises(BadSignature):
            verify(key, content, headers, epoch=epoch, question=question)


def test_nothing_signed_is_nothing() -> None:
    with pytest.raises(BadSignature):
        verify(KEY, b"body", {}, epoch=1000)


def test_numbers_are_read_back() -> None:
    assert number(PAYMENT, 5, 12) == "FK050000000012" and id_of(PAYMENT, "fk050000000012") == 12
    assert centre_of_unit(unit_no(16)) == 16
    for wrong in ("SK050000000012", "FK05", "", "FK05000000001x"):
        with pytest.raises(NotANumber):
            id_of(PAYMENT, wrong)
