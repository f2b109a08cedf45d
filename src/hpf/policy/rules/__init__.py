"""政策参数 without a database: the book of one day, the files of `law/`, working days, retirement ages."""

from .book import Confidence, MissingParameter, Parameter, PolicyBook, Scope, Unit, WrongUnit
from .documents import Article, Centre, District, JournalTemplate, Note, NoteKind, Source, Subject
from .files import LawFileError, LawFiles
from .retirement import Retirement, SexKind, statutory_retirement
from .workdays import CalendarNotKnown, WorkdayCalendar

__all__ = [
    "Article",
    "CalendarNotKnown",
    "Centre",
    "Confidence",
    "District",
    "JournalTemplate",
    "LawFileError",
    "LawFiles",
    "MissingParameter",
    "Note",
    "NoteKind",
    "Parameter",
    "PolicyBook",
    "Retirement",
    "Scope",
    "SexKind",
    "Source",
    "Subject",
    "Unit",
    "WorkdayCalendar",
    "WrongUnit",
    "statutory_retirement",
]
