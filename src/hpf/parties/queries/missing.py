"""What a read raises when there is nothing to read."""


class NotFound(LookupError):
    """This centre has no such centre, employer or person."""
