"""What a read raises when there is nothing to read."""


class NoSuchAccount(LookupError):
    """This centre has no such account. Another centre's account is not there either."""
