"""Reads of parties: centres, employers, people, marks and changes. Personal data leaves masked."""

from hpf.parties.queries.centres import BranchView, CentreView, branches, centre, centres
from hpf.parties.queries.employers import (
    EmployerPage,
    EmployerView,
    employer,
    employer_by_no,
    employer_by_uscc,
    employers,
    employers_by_id,
)
from hpf.parties.queries.marks import ChangeView, FlagView, changes, flags
from hpf.parties.queries.missing import NotFound
from hpf.parties.queries.people import (
    FullIdentity,
    PersonLine,
    PersonView,
    blind_of,
    elsewhere,
    elsewhere_of,
    find_person,
    full_identity,
    person,
    person_lines,
    persons,
    persons_by_ids,
    possible_same_persons,
    search,
)

__all__ = [
    "BranchView",
    "CentreView",
    "ChangeView",
    "EmployerPage",
    "EmployerView",
    "FlagView",
    "FullIdentity",
    "NotFound",
    "PersonLine",
    "PersonView",
    "blind_of",
    "branches",
    "centre",
    "centres",
    "changes",
    "elsewhere",
    "elsewhere_of",
    "employer",
    "employer_by_no",
    "employer_by_uscc",
    "employers",
    "employers_by_id",
    "find_person",
    "flags",
    "full_identity",
    "person",
    "person_lines",
    "persons",
    "persons_by_ids",
    "possible_same_persons",
    "search",
]
