"""Verbs of parties: register and change people and employers, mark them, show a document in full, load the centres."""

from hpf.parties.services.centres import load_centres
from hpf.parties.services.employers import (
    EmployerChange,
    NewEmployer,
    RegisteredEmployer,
    appoint_operator,
    change_employer,
    deregister_employer,
    register_employer,
)
from hpf.parties.services.flags import Flagged, flag, lower_flag
from hpf.parties.services.keys import rekey_people
from hpf.parties.services.numbers import number_rows, take_running
from hpf.parties.services.people import (
    Entry,
    NewPerson,
    PersonChange,
    RegisteredPerson,
    RegisteredPersons,
    change_person,
    enter_persons,
    register_person,
    register_persons,
)
from hpf.parties.services.registry import list_in_registry, strike_from_registry
from hpf.parties.services.unmasking import PURPOSES, unmask

__all__ = [
    "PURPOSES",
    "EmployerChange",
    "Entry",
    "Flagged",
    "NewEmployer",
    "NewPerson",
    "PersonChange",
    "RegisteredEmployer",
    "RegisteredPerson",
    "RegisteredPersons",
    "appoint_operator",
    "change_employer",
    "change_person",
    "deregister_employer",
    "enter_persons",
    "flag",
    "list_in_registry",
    "load_centres",
    "lower_flag",
    "number_rows",
    "register_employer",
    "register_person",
    "register_persons",
    "rekey_people",
    "strike_from_registry",
    "take_running",
    "unmask",
]
