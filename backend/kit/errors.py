"""What can go wrong, as sentences with a status. Rooms raise these; one place turns them into page, fragment or JSON."""


class Problem(Exception):
    """Something the person has to know, in their language.

    Args:
        sentence: what happened and what to do, already in the current language.
        fields: path → sentence, for mistakes in single fields.
    """

    status = 400
    kind = "problem"

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields or {}


class SignInNeeded(Problem):
    """401: the person must sign in first."""

    status = 401
    kind = "sign-in"


class NotFound(Problem):
    """404: not there, or not for this person; the answer never says which."""

    status = 404
    kind = "not-found"


class Refused(Problem):
    """409: the move is not allowed now; the sentence says why."""

    status = 409
    kind = "refused"


class TooLarge(Problem):
    """413: more bytes than allowed."""

    status = 413
    kind = "too-large"


class Invalid(Problem):
    """422: what was sent does not hold; `fields` says where."""

    status = 422
    kind = "invalid"


class TooMany(Problem):
    """429: too many tries in a short time."""

    status = 429
    kind = "too-many"


class Unavailable(Problem):
    """503: a part we need is away for a moment."""

    status = 503
    kind = "unavailable"
