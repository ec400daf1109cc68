"""Law as rules: dated, cited, explained. Not legal advice.

    >>> from datetime import date
    >>> from harborlight.law import ask
    >>> told = ask("minnesota-safe-harbor", date(2016, 5, 1), {"conduct": "hired"})
    >>> told.answer, told.unknown
    (True, ())

`ask` answers one case with its reasons, `ask_many` columns of cases each on its own day. Facts are
three-valued: what is not given is unknown, and an unknown that matters is named in the answer.
"""

from harborlight.law.charging import Section, sections
from harborlight.law.explanation import Citation, Explanation, LawError
from harborlight.law.parameter import Law, Parameter, current_law, read_law, reform_names
from harborlight.law.rulebook import Answers, Rule, ask, ask_many, find_rule, rules
from harborlight.law.value import UNKNOWN, Unknown

__all__ = [
    "UNKNOWN",
    "Answers",
    "Citation",
    "Explanation",
    "Law",
    "LawError",
    "Parameter",
    "Rule",
    "Section",
    "Unknown",
    "ask",
    "ask_many",
    "current_law",
    "find_rule",
    "read_law",
    "reform_names",
    "rules",
    "sections",
]
