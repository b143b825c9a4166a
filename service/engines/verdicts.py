"""How a query ended to the problem that tells the caller so."""

from service.engines.jobs import Job
from service.faults import Problem, Text
from service.querying.diagnosis import diagnose
from service.settings import Settings

DEADLINE, CROWDED, CANCELLED, HUNG_UP, CRASHED = "deadline", "pushed-out", "cancelled", "hung-up", "crashed"
_CHEAPER = Text("条件を絞るか LIMIT を付けてください。", "Narrow the patterns or add a LIMIT.")


def verdict(job: Job, settings: Settings) -> Problem:
    """What to tell of a job that is over and not whole."""
    if job.fault is not None:
        return refused(job, job.fault, settings)
    return ended(job.cause or CRASHED, job.seconds)


def heavy(job: Job, settings: Settings) -> bool:
    """Whether a query that is over has shown itself to be too heavy."""
    if job.cause == CROWDED:
        return job.elapsed > settings.guaranteed_seconds
    return job.cause in (DEADLINE, CRASHED)


def ended(cause: str, seconds: float) -> Problem:
    """The problem for a query whose engine was ended, or ended itself."""
    if cause == DEADLINE:
        return Problem(
            "deadline-exceeded",
            504,
            Text("時間切れです", "Deadline exceeded"),
            Text(
                f"問い合わせは {seconds:.1f} 秒以内に終わりませんでした。",
                f"The query did not end within {seconds:.1f} seconds.",
            ),
            _CHEAPER,
        )
    if cause == CROWDED:
        return busy("この問い合わせは他の利用者のために中断されました。", "The query was ended to let others in.")
    if cause == CANCELLED:
        return Problem(
            "cancelled",
            503,
            Text("中止されました", "Cancelled"),
            Text("運用者が問い合わせを中止しました。", "The operator has ended this query."),
        )
    return Problem(
        "query-aborted",
        500,
        Text("問い合わせを続けられません", "The query was aborted"),
        Text("許された以上のメモリが必要でした。", "The query needed more memory than it may take."),
        _CHEAPER,
    )


def busy(ja: str, en: str) -> Problem:
    """No engine is free for this request."""
    return Problem(
        "busy",
        503,
        Text("混み合っています", "The service is busy"),
        Text(ja, en),
        Text("少し待ってからもう一度お試しください。", "Try again in a moment."),
        headers={"Retry-After": "2"},
    )


def queue_full() -> Problem:
    """Too many requests wait already, or this one has waited too long."""
    return busy("順番待ちの上限に達しました。", "Too many requests are waiting.")


def too_heavy() -> Problem:
    """A query that ran too long before has come again while there is little room."""
    return busy(
        "この問い合わせは重いため、空いているときに実行できます。", "This heavy query can run when there is more room."
    )


def starting() -> Problem:
    """There is no snapshot in memory yet."""
    return busy("データを読み込んでいます。", "The data are being loaded.")


def refused(job: Job, fault: dict[str, str], settings: Settings) -> Problem:
    """The problem for a fault that an engine has told of."""
    what, message = fault["what"], fault["message"]
    if what == "too-large":
        megabytes = settings.max_result_bytes // 2**20
        return Problem(
            "result-too-large",
            500,
            Text("結果が大きすぎます", "The result is too large"),
            Text(f"結果の上限は {megabytes} MB です。", f"An answer may have at most {megabytes} MB."),
            Text(
                "LIMIT と OFFSET で分けるか、ダンプを使ってください。", "Page with LIMIT and OFFSET, or take the dump."
            ),
        )
    if what == "syntax":
        return _syntax(job.text, message)
    return Problem(
        "evaluation-failed",
        400,
        Text("問い合わせを評価できません", "The query cannot be evaluated"),
        Text(f"エンジンの説明: {message}", f"The engine says: {message}"),
    )


def _syntax(text: str, message: str) -> Problem:
    found = diagnose(text, message)
    return Problem(
        "query-syntax",
        400,
        Text("問い合わせの構文が正しくありません", "The query is not well-formed SPARQL"),
        found.detail,
        found.remedy,
        {"line": found.line, "column": found.column, "reason": message[:200]},
    )
