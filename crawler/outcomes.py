"""The one table that maps HTTP statuses, verdicts and failures to a Capture's outcome. Pure."""

from __future__ import annotations

from archive.model import Outcome, Verdict

OUTCOME_OF_VERDICT: dict[Verdict, Outcome | None] = {
    Verdict.ARTICLE: None,  # the archive decides between new, changed and unchanged
    Verdict.LISTING: Outcome.NOT_ARTICLE,
    Verdict.CONSENT: Outcome.BLOCKED,
    Verdict.CAPTCHA: Outcome.BLOCKED,
    Verdict.LOGIN: Outcome.BLOCKED,
    Verdict.SOFT_404: Outcome.GONE,  # the archive believes it after a second look
    Verdict.ERROR_PAGE: Outcome.ERROR,
    Verdict.EMPTY: Outcome.TRUNCATED,
    Verdict.TRUNCATED: Outcome.TRUNCATED,
    Verdict.NOT_HTML: Outcome.NOT_ARTICLE,
    Verdict.TOO_LARGE: Outcome.NOT_ARTICLE,
    Verdict.TOO_DEEP: Outcome.NOT_ARTICLE,
    Verdict.TOO_SLOW: Outcome.ERROR,
    Verdict.OTHER: Outcome.NOT_ARTICLE,
}

BLOCKING_STATUSES = frozenset({401, 402, 403, 407, 429, 451, 503})


def outcome_of_status(status: int) -> Outcome | None:
    """The outcome that a status alone decides; None where the page must be read (2xx).

    >>> outcome_of_status(404), outcome_of_status(503), outcome_of_status(500), outcome_of_status(200)
    (<Outcome.GONE: 'gone'>, <Outcome.BLOCKED: 'blocked'>, <Outcome.ERROR: 'error'>, None)
    """
    if 200 <= status < 300:
        return None
    if status == 304:
        return Outcome.NOT_MODIFIED
    if status in (404, 410):
        return Outcome.GONE
    if status in BLOCKING_STATUSES:
        return Outcome.BLOCKED
    return Outcome.ERROR


#: Names of exceptions (Scrapy's and ours) -> outcome. By name, so that this table needs no import of either.
OUTCOME_OF_FAILURE = {
    "ForbiddenByRobots": Outcome.BLOCKED,
    "ForbiddenAddress": Outcome.NOT_ARTICLE,  # a link into a private network is no story
    "RedirectLoop": Outcome.NOT_ARTICLE,
    "HttpError": Outcome.NOT_ARTICLE,  # a redirect to what is not the web (file:, data:)
    "ResponseDataLossError": Outcome.TRUNCATED,
    "PartMissing": Outcome.TRUNCATED,
    "NotText": Outcome.NOT_ARTICLE,
    "TooLarge": Outcome.NOT_ARTICLE,
    "DownloadCancelledError": Outcome.NOT_ARTICLE,  # the body grew past DOWNLOAD_MAXSIZE
}


def outcome_of_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of a fetch that raised, and the reason in words.

    >>> outcome_of_failure(TimeoutError("30 s"))
    (<Outcome.ERROR: 'error'>, 'TimeoutError: 30 s')
    """
    names = {parent.__name__ for parent in type(error).__mro__}
    if "max redirections" in str(error):  # Scrapy has no class of its own for it
        names.add("RedirectLoop")
    outcome = next((outcome for name, outcome in OUTCOME_OF_FAILURE.items() if name in names), Outcome.ERROR)
    return outcome, f"{type(error).__name__}: {error}".removesuffix(": ")
