"""Numbers and units to the text that people read, in either language."""

from service.ui.rows import Value

UNITS_JA = {"月": "か月"}
UNITS_EN = {"人": "persons", "コース": "courses", "年": "years", "月": "months"}


def plain(number: str) -> str:
    """Digits in groups of three; what is no number stays as it is."""
    try:
        return f"{int(number):,}"
    except ValueError:
        return number.rstrip("0").rstrip(".") if "." in number else number


def figure(number: str, unit: str, lang: str) -> str:
    """A quantity with its unit: ``1,000円`` or ``¥1,000``."""
    if unit == "JPY":
        return f"¥{plain(number)}" if lang == "en" else f"{plain(number)}円"
    if unit == "%":
        return f"{plain(number)}%"
    if unit == "年" and number.isdigit() and int(number) > 1000:
        return number if lang == "en" else f"{number}年"
    return (
        f"{plain(number)} {UNITS_EN.get(unit, unit)}" if lang == "en" else f"{plain(number)}{UNITS_JA.get(unit, unit)}"
    )


def cell(name: str, value: Value, lang: str) -> str:
    """The text of a cell of a question's table, its unit taken from the column's name."""
    if value.number is None:
        return value.text
    if name.endswith("_yen") or name in ("amount", "limit"):
        return figure(value.text, "JPY", lang)
    if name.endswith("_percent"):
        return figure(value.text, "%", lang)
    return value.text if name in ("fiscal_year", "enacted_year", "page") else plain(value.text)


def short_yen(amount: float, lang: str) -> str:
    """A rounded amount for charts: 億円 and 万円, or billions and millions."""
    steps = ((1e9, "bn"), (1e6, "m"), (1e3, "k")) if lang == "en" else ((1e8, "億円"), (1e4, "万円"))
    for size, name in steps:
        if abs(amount) >= size:
            number = amount / size
            shown = f"{number:,.1f}" if number < 100 else f"{number:,.0f}"
            return f"¥{shown}{name}" if lang == "en" else f"{shown}{name}"
    return f"¥{amount:,.0f}" if lang == "en" else f"{amount:,.0f}円"


def man(yen: str) -> str:
    """Whole yen in units of 10,000, as firms say their capital; what does not divide stays empty."""
    whole = yen.isascii() and yen.isdigit() and int(yen) % 10_000 == 0
    return str(int(yen) // 10_000) if whole else ""


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month(date: str, lang: str) -> str:
    """``2014-04`` → ``2014年4月`` or ``Apr 2014``; ``2024-04-01`` with its day; a year alone as it is."""
    parts = date.split("-")
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    day = str(int(parts[2])) if len(parts) == 3 else ""
    if lang == "ja":
        return f"{parts[0]}年{int(parts[1])}月" + (f"{day}日" if day else "")
    return f"{day} {MONTHS[int(parts[1]) - 1]} {parts[0]}".strip()
