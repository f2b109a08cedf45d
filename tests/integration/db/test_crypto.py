"""字段加密: published vectors of both suites, and what an attacker with the table cannot do."""

import json
import stat

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hpf.db.crypto import SUITES, CannotDecrypt, Keyring, KeysMissing, main, new_keys, rotate

CONTEXT = "parties.person.id_number"
ZHANG_SAN = "620102199003070018"


@pytest.fixture(params=["INTERNATIONAL", "GUOMI"])
def ring(request, tmp_path):
    new_keys(tmp_path / "keys.json", request.param)
    return Keyring.read(tmp_path / "keys.json", request.param)


def test_sm4_block_of_gmt_0002():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm3_of_gmt_0004():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_gcm_of_rfc_8998():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = SUITES["GUOMI"].seal(key, nonce, text, context)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert SUITES["GUOMI"].open(key, nonce, sealed, context) == text


def test_aes_256_gcm_case_16_of_the_gcm_specification():
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    assert SUITES["INTERNATIONAL"].seal(key, nonce, text, context).hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


def test_hmac_sha256_case_2_of_rfc_4231():
    assert SUITES["INTERNATIONAL"].digest(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_text_comes_back_and_never_looks_the_same_twice(ring):
    sealed, again = ring.encrypt(ZHANG_SAN, CONTEXT), ring.encrypt(ZHANG_SAN, CONTEXT)
    assert ring.decrypt(sealed, CONTEXT) == ring.decrypt(again, CONTEXT) == ZHANG_SAN
    assert sealed != again
    assert ZHANG_SAN.encode() not in sealed


def test_a_ciphertext_opens_only_in_its_own_column(ring):
    with pytest.raises(CannotDecrypt, match="不属于这一列"):
        ring.decrypt(ring.encrypt(ZHANG_SAN, CONTEXT), "parties.person.phone")


@pytest.mark.parametrize("place", [0, 1, 5, 8, 20, -1])
def test_a_changed_byte_is_noticed(ring, place):
    sealed = bytearray(ring.encrypt(ZHANG_SAN, CONTEXT))
    sealed[place] ^= 1
    with pytest.raises(CannotDecrypt):
        ring.decrypt(bytes(sealed), CONTEXT)


def test_after_a_rotation_old_values_open_and_move_to_the_new_key(ring, tmp_path):
    old = ring.encrypt(ZHANG_SAN, CONTEXT)
    rotate(tmp_path / "keys.json")
    rotated = Keyring.read(tmp_path / "keys.json", ring.suite.name)
    moved = rotated.reencrypt(old, CONTEXT)
    assert rotated.decrypt(old, CONTEXT) == rotated.decrypt(moved, CONTEXT) == ZHANG_SAN
    assert (old[5], moved[5]) == (1, 2)
    assert rotated.reencrypt(moved, CONTEXT) == moved
    assert rotated.blind_index("id", ZHANG_SAN) == ring.blind_index("id", ZHANG_SAN)


def test_a_blind_index_is_repeatable_and_separate_by_field(ring):
    assert ring.blind_index("phone", "13909310018") == ring.blind_index("phone", "13909310018")
    assert ring.blind_index("phone", "13909310018") != ring.blind_index("card", "13909310018")


def test_another_installation_has_other_indexes(ring, tmp_path):
    new_keys(tmp_path / "other.json", ring.suite.name)
    other = Keyring.read(tmp_path / "other.json", ring.suite.name)
    assert other.blind_index("id", ZHANG_SAN) != ring.blind_index("id", ZHANG_SAN)
    with pytest.raises(CannotDecrypt):
        other.decrypt(ring.encrypt(ZHANG_SAN, CONTEXT), CONTEXT)


def test_changing_the_suite_of_a_living_installation_is_refused_loudly(tmp_path):
    new_keys(tmp_path / "keys.json", "INTERNATIONAL")
    with pytest.raises(KeysMissing, match="重建全部索引"):
        Keyring.read(tmp_path / "keys.json", "GUOMI")


def test_key_files_are_private_wrapped_and_never_overwritten(tmp_path, capsys):
    path = tmp_path / "var" / "keys.json"
    assert main(["new-keys", str(path)]) == 0
    assert main(["new-keys", str(path)]) == 1
    assert "不覆盖" in capsys.readouterr().err
    for file in (path, path.with_name("keys.json.master")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {row["suite"] for row in json.loads(path.read_text())["data_keys"]} == {"INTERNATIONAL", "GUOMI"}


def test_a_foreign_master_key_opens_nothing(tmp_path):
    new_keys(tmp_path / "a.json")
    new_keys(tmp_path / "b.json")
    (tmp_path / "a.json.master").write_text((tmp_path / "b.json.master").read_text())
    with pytest.raises(KeysMissing, match="不相配"):
        Keyring.read(tmp_path / "a.json", "INTERNATIONAL")
