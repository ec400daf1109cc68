"""Telephone numbers as ads hide them, and figures that are none, with the words around them."""

from __future__ import annotations

import random
from collections.abc import Callable

ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SPANISH = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
_AREAS = (
    "507 612 218 320 651 763 952 515 605 701 414 715 213 310 415 202 212 646 718 305 404 312 773"
    " 206 503 602 702 801 303 907 808 787 416 604 902 250 289 989 440 580 234 800 888 567 678 901"
)
AREAS = _AREAS.split()
EMOJI = ["⭐", "🔥", "📞", "💕", "❤️", "🌟", "➡️", "🧡", "📱", "🍀", "👑", "🎀", "♥", "✅"]
STYLES: dict[str, Callable[[random.Random, str], str]] = {}

Writer = Callable[[random.Random, str], str]


def style(write: Writer) -> Writer:
    STYLES[write.__name__] = write
    return write


def groups(d: str) -> tuple[str, str, str]:
    return d[:3], d[3:6], d[6:]


@style
def dash(r: random.Random, d: str) -> str:
    return r.choice(["-", " - ", "–", "—", "‑", "--"]).join(groups(d))


@style
def parentheses(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    return r.choice([f"({a}) {b}-{c}", f"({a}){b}-{c}", f"({a}) {b} {c}", f"({a})-{b}-{c}",
                     f"[{a}] {b}.{c}", f"({a}){b}{c}"])  # fmt: skip


@style
def dots(r: random.Random, d: str) -> str:
    return r.choice([".", "•", "·", " . ", "..."]).join(groups(d))


@style
def plain(r: random.Random, d: str) -> str:
    return d


@style
def plus_one(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    return r.choice([f"+1{d}", f"+1 {a} {b} {c}", f"+1-{a}-{b}-{c}", f"+1 ({a}) {b}-{c}",
                     f"1-{a}-{b}-{c}", f"1 {a} {b} {c}", f"1.{a}.{b}.{c}", f"1{d}",
                     f"001 {a} {b} {c}"])  # fmt: skip


@style
def spaces(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    return r.choice([f"{a} {b} {c}", f"{a}  {b}  {c}", f"{a} {b}{c}", f"{a}{b} {c}"])


@style
def spaced_digits(r: random.Random, d: str) -> str:
    return r.choice([" ", "  ", ".", "-", ", ", "_", "/"]).join(d)


@style
def pairs(r: random.Random, d: str) -> str:
    return r.choice([" ", "-", "."]).join(d[i : i + 2] for i in range(0, 10, 2))


@style
def words_mixed(r: random.Random, d: str) -> str:
    out = [r.choice([ENGLISH[int(c)], c]) for c in d]
    at = r.randrange(10)
    out[at] = ENGLISH[int(d[at])]
    return _case(r, r.choice([" ", "-", " - ", " "]).join(out))


@style
def words_in_groups(r: random.Random, d: str) -> str:
    parts = [" ".join(ENGLISH[int(c)] for c in g) if r.random() < 0.5 else g for g in groups(d)]
    if all(p.isdigit() for p in parts):
        parts[1] = " ".join(ENGLISH[int(c)] for c in d[3:6])
    return _case(r, r.choice([" ", "-", ", ", " "]).join(parts))


@style
def words_glued(r: random.Random, d: str) -> str:
    out = [ENGLISH[int(c)] if r.random() < 0.6 else c for c in d]
    return (
        _case(r, "".join(out))
        if r.random() < 0.5
        else _case(r, " ".join("".join(ENGLISH[int(c)] for c in g) for g in groups(d)))
    )


@style
def words_all(r: random.Random, d: str) -> str:
    return _case(r, r.choice([" ", "-", ", ", " . "]).join(ENGLISH[int(c)] for c in d))


@style
def oh_for_zero(r: random.Random, d: str) -> str:
    names = [r.choice(["oh", "o", "O"]) if c == "0" else ENGLISH[int(c)] for c in d]
    return " ".join(names)


@style
def double(r: random.Random, d: str) -> str:
    out = []
    i = 0
    while i < 10:
        if i + 2 < 10 and d[i] == d[i + 1] == d[i + 2] and r.random() < 0.5:
            out += ["triple", ENGLISH[int(d[i])]]
            i += 3
        elif i + 1 < 10 and d[i] == d[i + 1]:
            out += ["double", ENGLISH[int(d[i])]]
            i += 2
        else:
            out.append(ENGLISH[int(d[i])])
            i += 1
    return " ".join(out)


@style
def spanish(r: random.Random, d: str) -> str:
    return _case(r, r.choice([" ", " ", "-", ""]).join(SPANISH[int(c)] for c in d))


@style
def spanish_and_english(r: random.Random, d: str) -> str:
    return " ".join(r.choice([SPANISH, ENGLISH])[int(c)] for c in d)


@style
def letters(r: random.Random, d: str) -> str:
    a = d.replace("0", r.choice("Oo"))
    b = d.replace("1", r.choice("lI"))
    c = d.replace("0", "O").replace("1", r.choice("lI"))
    return r.choice(["-", " ", ".", ""]).join(groups(r.choice([a, b, c])))


@style
def stars(r: random.Random, d: str) -> str:
    mark = r.choice(["*", "**", "~", "_", "+", "/", "|", "^", "<>", "!", "#"])
    return mark.join(groups(d)) if r.random() < 0.5 else mark.join(d)


@style
def emoji(r: random.Random, d: str) -> str:
    mark = r.choice(EMOJI)
    mark = r.choice([mark, f" {mark} ", mark * 2])
    return mark.join(groups(d)) if r.random() < 0.5 else mark.join(d)


@style
def keycap(r: random.Random, d: str) -> str:
    return r.choice(["", " "]).join(c + "\ufe0f\u20e3" for c in d)


@style
def full_width(r: random.Random, d: str) -> str:
    return r.choice(["", "－", "-", " "]).join(
        "".join(chr(0xFF10 + int(c)) for c in g) for g in groups(d)
    )


@style
def mathematical(r: random.Random, d: str) -> str:
    zero = r.choice([0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6])
    return r.choice(["", "-", " ", "."]).join(
        "".join(chr(zero + int(c)) for c in g) for g in groups(d)
    )


@style
def circled(r: random.Random, d: str) -> str:
    table = r.choice(["⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾"])
    return r.choice(["", " ", "-"]).join("".join(table[int(c)] for c in g) for g in groups(d))


@style
def other_digits(r: random.Random, d: str) -> str:
    zero = r.choice([0x0660, 0x06F0, 0x0966, 0x09E6])
    return r.choice(["", "-", " "]).join("".join(chr(zero + int(c)) for c in g) for g in groups(d))


@style
def superscript(r: random.Random, d: str) -> str:
    return "-".join("".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in g) for g in groups(d))


@style
def invisible(r: random.Random, d: str) -> str:
    put = r.choice(["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff"])
    return "-".join(put.join(g) for g in groups(d))


@style
def split_words(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    fill = [
        "call me",
        "text",
        "anytime",
        "then",
        "and",
        "babe",
        "ok",
        "please",
        "now",
        "hit me up",
        "dial",
        "plus",
        "ask for me",
        "followed by",
        "day or night",
    ]
    return f"{a} {r.choice(fill)} {b} {r.choice(fill)} {c}"


@style
def over_lines(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    return r.choice([f"{a}-{b}-\n{c}", f"{a}\n{b}\n{c}", f"({a})\n{b}-{c}", f"{a}-\r\n{b}-{c}",
                     f"{a} {b}\n\n{c}"])  # fmt: skip


@style
def extension(r: random.Random, d: str) -> str:
    a, b, c = groups(d)
    n = r.randrange(1, 999)
    return f"{a}-{b}-{c}{r.choice([' ext ', ' x', 'x', ' ext. ', ', extension '])}{n}"


@style
def glued_to_words(r: random.Random, d: str) -> str:
    return r.choice([f"call{d}", f"{d}now", f"text{'-'.join(groups(d))}anytime", f"Tel:{d}",
                     f"ph.{'-'.join(groups(d))}", f"cell:{d}", f"#{d}"])  # fmt: skip


@style
def spelled_with_digits(r: random.Random, d: str) -> str:
    swap = str.maketrans({"e": r.choice("e3"), "o": r.choice("o0"), "i": r.choice("i1")})
    return " ".join(ENGLISH[int(c)].translate(swap) for c in d)


@style
def tens(r: random.Random, d: str) -> str:
    last = int(d[8:])
    names = [
        "",
        "ten",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ]
    if last < 20 or last % 10 == 0:
        return dash(r, d)
    return (
        f"{d[:3]} {d[3:6]} {d[6:8]} {names[last // 10]}{r.choice([' ', '-'])}{ENGLISH[last % 10]}"
    )


def _case(r: random.Random, text: str) -> str:
    return r.choice([text, text, text.upper(), text.title()])


AROUND = [
    "{}", "Call {}", "call or text {} anytime", "Hello there, {} is my cell", "📱 {} 📱",
    "New in town! {}. 120 an hour, 10am-9pm", "Lawn mowing $35, call {} for an estimate.",
    "2 bed 1 bath, 950 sqft, $875/month. {}", "open 9am to 5pm {} ask for Robin",
    "3 rooms\n{}\nno pets", "I am here until 5/12/2017 - {}", "my number is {}!!!",
    "Reach me at {} or robin@site.example", "{} (Mankato)", "only $80 today {} hurry", "tel. {};",
    "Quilts, 60x80 inches, $120. Text {}", "Llámame al {} gracias", "WhatsApp: {}",
    "text me: {} :)", "100% real, {} no games", "se renta cuarto, {} pregunte por Ana",
    "Tutoring math grades 6-12. {} Available Mon-Fri 3-7pm.", "{} / 24/7", "Apt 4, 12 Oak St. {}",
    "Built in 1998, sold as is. {} leave a message", "*** {} ***", "snow removal >> {} <<",
    "no blocked calls {} serious only", "~{}~", "dogs 2 and 3 years old; {}",
]  # fmt: skip


def any_number(r: random.Random) -> str:
    """Ten digits: an assigned area code with 555-01xx."""
    area = r.choice(AREAS)
    return f"{area}55501{r.randrange(100):02d}"


def _n(r: random.Random, count: int) -> str:
    return "".join(r.choice("0123456789") for _ in range(count))


def negatives(r: random.Random) -> list[str]:
    """One figure of each kind that is no telephone number."""
    y, mo, d = r.randrange(1990, 2026), r.randrange(1, 13), r.randrange(1, 29)
    h, mi = r.randrange(24), r.randrange(60)
    p = [r.randrange(20, 900, 5) for _ in range(6)]
    isbn10 = _n(r, 9) + r.choice("0123456789X")
    isbn13 = r.choice(["978", "979"]) + _n(r, 10)
    card = r.choice("3456") + _n(r, 15)
    lat, lon = r.uniform(25, 49), -r.uniform(67, 124)
    places = r.choice([2, 3, 4, 5, 6])
    label = r.choice(
        [
            "Order #",
            "Order no. ",
            "order number ",
            "Tracking number: ",
            "Invoice ",
            "Ref: ",
            "Ref no ",
            "Confirmation ",
            "Serial no. ",
            "SN: ",
            "SKU ",
            "UPC ",
            "Item #",
            "Model ",
            "Part no. ",
            "Case number ",
            "License # ",
            "Policy ",
            "Account ",
            "MLS# ",
            "VIN ",
            "Ticket #",
            "Claim no. ",
            "PO ",
            "ID: ",
        ]
    )
    return [
        f"{y}-{mo:02d}-{d:02d}",
        f"{mo}/{d}/{y} {h}:{mi:02d}",
        f"{d:02d}.{mo:02d}.{y}, {h:02d}:{mi:02d}:{_n(r, 2)}",
        f"{y}-{mo:02d}-{d:02d}T{h:02d}:{mi:02d}:00",
        f"{y}{mo:02d}{d:02d} {h:02d}{mi:02d}",
        f"${p[0]} ${p[1]} ${p[2]} ${p[3]}",
        f"{p[0]} {p[1]} {p[2]}",
        f"{p[0]}, {p[1]}, {p[2]}, {p[3] * 10}",
        f"{p[0]}/{p[1]}/{p[2]}",
        f"{p[0] * 10}-{p[1] * 10} {p[2]}",
        f"$1,{p[1]:03d}.00 or 12 x ${p[2]}.50",
        f"{p[0]}x{p[1]}x{p[2]} cm",
        f"{p[0]} x {p[1]} ft, {p[2]} sq ft, built {y}",
        f"{p[0]} {p[1]} {p[2]} {p[3]} {p[4]} {p[5]}",
        f"{label}{_n(r, 10)}",
        f"{label}{r.randrange(2, 10)}{_n(r, 9)}",
        f"{label}{_n(r, 3)}-{_n(r, 7)}-{_n(r, 7)}",
        f"{label}{_n(r, 12)}",
        f"{label}{_n(r, 3)}-{_n(r, 3)}-{_n(r, 4)}",
        f"{r.choice('ABCDEFG')}{r.choice('KLMN')}{_n(r, 10)}",
        f"1Z{_n(r, 3)}AA{_n(r, 10)}",
        f"{lat:.{places}f}, {lon:.{places}f}",
        f"lat {lat:.8f} lon {lon:.8f}",
        f"({lat:.{places}f} {lon:.{places}f})",
        f"ISBN {isbn10}",
        f"ISBN-10: {isbn10[0]}-{isbn10[1:4]}-{isbn10[4:9]}-{isbn10[9]}",
        f"ISBN {isbn13}",
        f"ISBN-13 {isbn13[:3]}-{isbn13[3]}-{isbn13[4:7]}-{isbn13[7:12]}-{isbn13[12]}",
        f"{isbn13[:3]}-{isbn13[3]}-{isbn13[4:8]}-{isbn13[8:12]}-{isbn13[12]}",
        f"{card[:4]} {card[4:8]} {card[8:12]} {card[12:]}",
        f"{card[:4]}-{card[4:8]}-{card[8:12]}-{card[12:]}",
        card,
        f"MN {r.randrange(55001, 56763)}-{_n(r, 4)}",
        ".".join(str(r.randrange(256)) for _ in range(4)),
        f"{y - 4}-{y} {y}-{y + 3}",
        f"{y} {y + 1} {y + 2}",
        f"{h}:{mi:02d} {h + 1}:{mi:02d} {h + 2}:{mi:02d}",
        f"open {r.randrange(6, 11)}:00-{r.randrange(15, 22)}:30, Sun {r.randrange(10, 13)}:00-17:00",  # noqa: E501
        f"0{r.randrange(7, 10)}00-1700 Mon-Fri, 1000-1400 Sat",
        f"{r.randrange(8, 30)}x{r.randrange(8, 30)} bedroom, {r.randrange(8, 30)} x 12 den, 10x12",
        f"won 21-{r.randrange(20)} 25-{r.randrange(24)} 15-{r.randrange(14)}",
        f"score {r.randrange(100)}-{r.randrange(100)}, {r.randrange(100)}-{r.randrange(100)}",
        f"serial number {_n(r, 4)}-{_n(r, 4)}-{_n(r, 4)}",
        f"{_n(r, 2)}-{_n(r, 7)}",
        f"{_n(r, 3)}-{_n(r, 2)}-{_n(r, 4)}",
        f"{r.randrange(10, 99)}/{r.randrange(10, 99)} R{r.randrange(14, 20)} {p[0]} miles {p[1]}00",
        f"{r.randrange(1, 40)} beds {p[0]} sqft {p[1]} dollars {p[2] * 10} deposit",
        f"1/{r.randrange(2, 9)} {p[0]}mg {p[1]} ml {p[2]}g",
        f"{p[0]} Oak Street Apt {r.randrange(1, 40)}, {r.randrange(55001, 56763)}",
        f"Route {p[0]} to Highway {p[1]}, exit {r.randrange(1, 300)}",
        f"{p[0]}.{_n(r, 7)}",
        f"pages {p[0]}-{p[0] + 40}, {p[1]}-{p[1] + 12}",
        f"1 2 3 4 5 6 7 8 9 {r.randrange(10, 12)}",
        f"{r.randrange(1, 9)},{_n(r, 3)},{_n(r, 3)},{_n(r, 3)}",
        f"bolts 1/4 x {r.randrange(1, 9)}, {r.randrange(100, 999)} pcs, #{_n(r, 5)}",
        f"room {p[0]}, {p[1]} guests, {r.randrange(1950, 2020)} building",
        f"{_n(r, 8)}",
        f"{_n(r, 3)} {_n(r, 4)}",
        f"two three or four rooms, one two {p[0]}",
        f"{p[0]}-{p[0] + 30}-{p[0] + 60}-{p[0] + 90} minutes",
    ]


NOT_A_PHONE = [
    "{}", "For sale: {}.", "Details: {}", "Nice chair {} in the shed", "{} as listed", "({})",
    "Rates {} today", "see {} and more", "Posted {}", "- {} -", "Antique lamp. {}. Pick up only.",
    "{} {}", "{}; {}", "{}\n{}", "{} - {}, {}", "Yard sale {} until noon, also {}",
]  # fmt: skip
