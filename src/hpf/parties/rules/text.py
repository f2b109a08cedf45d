"""What people type, made comparable: full-width forms, blanks and letter case out of the way."""

import unicodedata


def plain(text: str) -> str:
    """Full-width digits and letters become plain ones, every blank and invisible mark goes, letters are upper case."""
    shown = unicodedata.normalize("NFKC", text)
    return "".join(c for c in shown if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")).upper()
