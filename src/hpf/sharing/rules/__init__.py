"""What may be asked of whom, and when an answer may be used: the catalogue, consents, grants, answers, contradictions."""

from hpf.sharing.rules.answers import Answer, Contradiction, Fact, NotAnAnswer, Status, contradictions, one_record, taken, unlike_stated
from hpf.sharing.rules.catalogue import CATALOGUE, DEPARTMENTS, FIELDS, Department, Field, FieldKind, Service, field_text, service
from hpf.sharing.rules.consents import Consent, covers, new_consent, still_consented
from hpf.sharing.rules.grants import OFFERS, Grant, Look, check_look, new_grant, without_gap
from hpf.sharing.rules.lines import FAILURES_MAX, Line, after, is_open
from hpf.sharing.rules.questions import DEADLINE_SECONDS, HERE, Ask, GroundKind, Question, check_ask

__all__ = [
    "CATALOGUE",
    "DEADLINE_SECONDS",
    "DEPARTMENTS",
    "FAILURES_MAX",
    "FIELDS",
    "HERE",
    "OFFERS",
    "Answer",
    "Ask",
    "Consent",
    "Contradiction",
    "Department",
    "Fact",
    "Field",
    "FieldKind",
    "Grant",
    "GroundKind",
    "Line",
    "Look",
    "NotAnAnswer",
    "Question",
    "Service",
    "Status",
    "after",
    "check_ask",
    "check_look",
    "contradictions",
    "covers",
    "field_text",
    "is_open",
    "new_consent",
    "new_grant",
    "one_record",
    "service",
    "still_consented",
    "taken",
    "unlike_stated",
    "without_gap",
]
