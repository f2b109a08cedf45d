"""Rules of parties: identity documents, codes of organisations, names and contact data, masks, numbers. Pure."""

from hpf.parties.rules.contact import check_bank_card, check_name, check_phone, normalised_name
from hpf.parties.rules.identity import (
    ID_KINDS,
    IdentityCheck,
    IdKind,
    Sex,
    check_identity,
    may_be_one_person,
    recognise_identity,
)
from hpf.parties.rules.masks import mask_card, mask_id, mask_name, mask_phone
from hpf.parties.rules.names import initials_of, pinyin_initials, pinyin_key
from hpf.parties.rules.numbers import Series, is_number, number_of
from hpf.parties.rules.organisation import OrganisationCheck, check_uscc
from hpf.parties.rules.text import plain

__all__ = [
    "ID_KINDS",
    "IdKind",
    "IdentityCheck",
    "OrganisationCheck",
    "Series",
    "Sex",
    "check_bank_card",
    "check_identity",
    "check_name",
    "check_phone",
    "check_uscc",
    "initials_of",
    "is_number",
    "mask_card",
    "mask_id",
    "mask_name",
    "mask_phone",
    "may_be_one_person",
    "normalised_name",
    "number_of",
    "pinyin_initials",
    "pinyin_key",
    "plain",
    "recognise_identity",
]
