"""Ways in which people write a telephone number in an ad: plain, and so that a machine misses it.

Every number here is one of 555-0100 to 555-0199, which are set aside for fiction.
"""

from __future__ import annotations

from collections.abc import Callable

Draw = Callable[[], float]

PLAIN = ("dash", "parentheses", "dots", "plain", "plus_one", "spaces")
HIDDEN = (
    "spaced_digits",
    "words_mixed",
    "words_glued",
    "words_all",
    "spanish_words",
    "letters",
    "stars",
    "emoji",
    "keycap",
    "full_width",
    "bold",
    "split_words",
    "split_line",
)
STYLES = PLAIN + HIDDEN

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPANISH = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
BETWEEN = ("🔥", "⭐", "✨", "📱", "☎️", "💯", "👉", "🌿")
FILLERS = ("call me", "anytime", "text", "then", "and", "ask for us", "any day", "please", "ok")


def _pick(options: tuple[str, ...], draw: Draw) -> str:
    return options[int(draw() * len(options))]


def write_phone(e164: str, style: str, draw: Draw) -> str:
    """Write an E.164 number of North America (``+15075550142``) in one of STYLES.

    ``draw`` returns floats in [0, 1). Raises ValueError for an unknown style.
    """
    digits = e164[2:]
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    dashed = f"{area}-{exchange}-{line}"
    match style:
        case "dash":
            return dashed
        case "parentheses":
            return f"({area}) {exchange}-{line}"
        case "dots":
            return f"{area}.{exchange}.{line}"
        case "plain":
            return digits
        case "plus_one":
            return f"+1 {area} {exchange} {line}" if draw() < 0.5 else f"+1{digits}"
        case "spaces":
            return f"{area} {exchange} {line}"
        case "spaced_digits":
            return " ".join(digits)
        case "words_mixed":
            words = [ENGLISH[int(d)] if draw() < 0.5 else d for d in digits]
            place = int(draw() * 10)
            words[place] = ENGLISH[int(digits[place])]
            return " ".join(words)
        case "words_glued":
            if draw() < 0.5:
                return "".join(ENGLISH[int(d)] for d in digits)
            return (
                "".join(ENGLISH[int(d)] if draw() < 0.5 else d for d in digits[:9])
                + (ENGLISH[int(digits[9])])
            )
        case "words_all":
            return " ".join(ENGLISH[int(d)] for d in digits)
        case "spanish_words":
            return " ".join(SPANISH[int(d)] for d in digits)
        case "letters":
            return dashed.replace("0", "O" if draw() < 0.7 else "o").replace("1", "l")
        case "stars":
            if draw() < 0.5:
                return f"{area}*{exchange}*{line}"
            return f"**{area}**{exchange}**{line}**" if draw() < 0.5 else "*".join(digits)
        case "emoji":
            between = _pick(BETWEEN, draw)
            if draw() < 0.5:
                return between.join((area, exchange, line))
            return between.join(digits)
        case "keycap":
            return "".join(d + "\ufe0f\u20e3" for d in digits)
        case "full_width":
            wide = "".join(chr(0xFF10 + int(d)) for d in digits)
            return f"{wide[:3]}－{wide[3:6]}－{wide[6:]}" if draw() < 0.5 else wide
        case "bold":
            bold = "".join(chr(0x1D7CE + int(d)) for d in digits)
            return f"{bold[:3]}-{bold[3:6]}-{bold[6:]}" if draw() < 0.5 else bold
        case "split_words":
            return f"{area} {_pick(FILLERS, draw)} {exchange} {_pick(FILLERS, draw)} {line}"
        case "split_line":
            return f"{area}-{exchange}-\n{line}" if draw() < 0.5 else f"{area}\n{exchange} {line}"
    raise ValueError(f"no such phone style: {style!r}; the styles are {', '.join(STYLES)}")
