"""The exception of the command line."""


class UsageError(ValueError):
    """What was asked for on the command line cannot be done; the message says why and what to write instead."""
