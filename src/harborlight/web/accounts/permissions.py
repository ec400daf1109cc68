"""Who may do what to which: the one table. Checks, tests and the administrators' page read it.

A row names a thing, an action, and for each role that may do it the scope in which. A role that is
not named may not. A page whose thing and action have no row here cannot be served: a test asks
every URL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harborlight.web.accounts.roles import AgencyKind, Role

R = Role


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    """Every row of the site."""
    AGENCY = "agency"
    """What the member's agency owns, or was given with a purpose."""
    ASSIGNED = "assigned"
    """What is assigned to the member."""
    SELF = "self"
    """What is the member's own: their account, their reports, their training."""


ALL, AGENCY, ASSIGNED, SELF = Scope.ALL, Scope.AGENCY, Scope.ASSIGNED, Scope.SELF
SITE = frozenset({AgencyKind.SITE})
LOOKING_AT = frozenset(
    {AgencyKind.LAW_ENFORCEMENT, AgencyKind.CHILD_PROTECTION, AgencyKind.PROSECUTOR}
)
EVERYBODY = dict.fromkeys(Role, SELF)
DECIDE_LEADS = {R.ANALYST: AGENCY, R.SUPERVISOR: AGENCY}
READERS_OF_LEADS = {
    **DECIDE_LEADS,
    R.INVESTIGATOR: AGENCY,
    R.CASEWORKER: AGENCY,
    R.NAVIGATOR: AGENCY,
    R.PROSECUTOR: AGENCY,
}
READERS_OF_CASES = {
    R.SUPERVISOR: AGENCY,
    R.ANALYST: AGENCY,
    R.INVESTIGATOR: ASSIGNED,
    R.CASEWORKER: ASSIGNED,
    R.PROSECUTOR: ASSIGNED,
    R.NAVIGATOR: ASSIGNED,
}
PEOPLE_OF_CASES = {
    R.SUPERVISOR: AGENCY,
    R.INVESTIGATOR: ASSIGNED,
    R.CASEWORKER: ASSIGNED,
    R.NAVIGATOR: ASSIGNED,
}
WATCH_CLOCKS = {**PEOPLE_OF_CASES, R.TRIAGE: AGENCY}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    thing: str
    action: str
    who: dict[Role, Scope]
    note: str = ""
    at: frozenset[AgencyKind] = frozenset()
    """Only at agencies of these kinds; at all, when none is named."""
    glass: bool = False
    """Whether a supervisor may open one record beyond reach in an emergency: for a quarter of an
    hour, with a reason, in the audit, and told to the agency whose record it is."""

    @property
    def name(self) -> str:
        """How acts and the audit call it: `report.open`."""
        return f"{self.thing}.{self.action}"


_REPORT_KEEPERS = {R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY}
_REPORT_READERS = {
    **_REPORT_KEEPERS,
    R.ANALYST: AGENCY,
    R.NAVIGATOR: AGENCY,
    R.INVESTIGATOR: ASSIGNED,
    R.CASEWORKER: ASSIGNED,
}

_IN_OPERATIONS = {
    R.SUPERVISOR: AGENCY,
    R.ANALYST: ASSIGNED,
    R.INVESTIGATOR: ASSIGNED,
    R.CASEWORKER: ASSIGNED,
    R.NAVIGATOR: ASSIGNED,
    R.PROSECUTOR: ASSIGNED,
}
#: A small agency has no supervisor: who works there answers for it.
_ANSWERING = {
    R.SUPERVISOR: AGENCY,
    R.CASEWORKER: AGENCY,
    R.NAVIGATOR: AGENCY,
    R.PROSECUTOR: AGENCY,
}
_ASSIGNED_ANSWER = dict.fromkeys((R.CASEWORKER, R.NAVIGATOR, R.PROSECUTOR), ASSIGNED)
_LOOKING = {R.SUPERVISOR: AGENCY, R.ANALYST: AGENCY, R.INVESTIGATOR: ASSIGNED}
_HAND_ON = {**PEOPLE_OF_CASES, R.PROSECUTOR: ASSIGNED}
_SEE_TRANSFERS = {**_HAND_ON, R.NAVIGATOR: AGENCY}
_READERS_OF_SENTENCES = {R.PROSECUTOR: AGENCY, R.SUPERVISOR: AGENCY, R.CLERK: AGENCY}
_ARRESTING = {R.SUPERVISOR: AGENCY, R.INVESTIGATOR: ASSIGNED}
_REFERRING = (R.NAVIGATOR, R.CASEWORKER)
_READERS_OF_BOOKS = dict.fromkeys(
    (R.CLERK, R.GRANTS, R.HEALTH, R.PROSECUTOR, R.AUDITOR, R.STATISTICIAN), ALL
)
_YEARLY = {R.TRAINER: AGENCY, R.OPERATIONS: AGENCY}
_TRAINED = {R.CREW: SELF, R.OPERATIONS: SELF, R.TRAINER: SELF}
_READERS_OF_GRANTS = {R.GRANTS: ALL, R.HEALTH: ALL, R.AUDITOR: ALL, R.PROVIDER: AGENCY}

ROWS: tuple[Row, ...] = (
    # -- one's own desk ---------------------------------------------------------------------------
    Row("desk", "see", EVERYBODY, "What waits for me today"),
    Row("desk", "search", EVERYBODY, "Finds only what I may see"),
    # -- accounts ---------------------------------------------------------------------------------
    # An administrator sees their own agency's people; those who run the site, every agency's. No
    # administrator reads a report, a lead or a case.
    Row("agency", "list", {R.ADMINISTRATOR: AGENCY}),
    Row("agency", "show", {R.ADMINISTRATOR: AGENCY}, "Its people and invitations"),
    Row("agency", "add", {R.ADMINISTRATOR: ALL}, at=SITE),
    Row("agency", "change", {R.ADMINISTRATOR: ALL}, at=SITE),
    Row("member", "invite", {R.ADMINISTRATOR: AGENCY}, "Into roles that the agency may give"),
    Row("member", "end", {R.ADMINISTRATOR: AGENCY}, "What was assigned is given to another first"),
    Row("member", "reset", {R.ADMINISTRATOR: AGENCY}, "The second factor, when it is lost"),
    Row("member", "act", EVERYBODY, "As which of one's own memberships one acts"),
    Row("invitation", "withdraw", {R.ADMINISTRATOR: AGENCY}),
    Row("profile", "see", EVERYBODY, "One's own name, language, log-in"),
    Row("permission", "list", {R.ADMINISTRATOR: ALL, R.AUDITOR: ALL}, "This table"),
    Row("glass", "break", {R.SUPERVISOR: ALL}, "Open one record beyond reach, in an emergency"),
    Row("glass", "list", {R.SUPERVISOR: AGENCY, R.AUDITOR: ALL}, "What was so opened, and why"),
    Row("glass", "know", {R.SUPERVISOR: AGENCY}, "Say that one knows of it"),
    # -- audit ------------------------------------------------------------------------------------
    Row("audit", "read", {R.AUDITOR: ALL}, "Who did what, when and why; content of nothing"),
    # -- intake -----------------------------------------------------------------------------------
    Row("report", "list", _REPORT_READERS, "The queue: labels alone, nothing is opened"),
    Row("report", "open", _REPORT_READERS, "Content; each opening is in the audit", glass=True),
    Row("report", "file", _REPORT_READERS, "A file's copy, without what was hidden in it"),
    Row(
        "report",
        "evidence",
        {R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY, R.INVESTIGATOR: ASSIGNED},
        "A file as it came",
    ),
    Row("report", "note", _REPORT_READERS, "Notes stay within the agency that wrote them"),
    Row("report", "take", _REPORT_READERS, "What the agency does with it"),
    Row("report", "enter", {R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY, R.NAVIGATOR: AGENCY}),
    Row("report", "assign", {R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY, R.NAVIGATOR: AGENCY}),
    Row("report", "label", _REPORT_KEEPERS, "These seven: only the agency that keeps the report"),
    Row("report", "ask", _REPORT_KEEPERS),
    Row("report", "route", _REPORT_KEEPERS, "To agencies, for a purpose; never twice"),
    Row("report", "tell", _REPORT_KEEPERS, "Places outside of the site; never twice"),
    Row("report", "link", _REPORT_KEEPERS, "The same as another; can be undone"),
    Row("report", "close", _REPORT_KEEPERS, "Retention goes by the outcome"),
    Row("report", "hold", {R.SUPERVISOR: AGENCY}, "Legal hold"),
    Row(
        "report",
        "promote",
        {
            R.SUPERVISOR: AGENCY,
            R.ANALYST: AGENCY,
            R.NAVIGATOR: AGENCY,
            R.INVESTIGATOR: ASSIGNED,
            R.CASEWORKER: ASSIGNED,
        },
        "Opens a case; one an agency",
    ),
    Row("contact", "change", {R.ADMINISTRATOR: ALL}, "Numbers shown to the public", at=SITE),
    # -- leads ------------------------------------------------------------------------------------
    Row("lead", "list", READERS_OF_LEADS, "My agency's, and those shown to it for a purpose"),
    Row("lead", "open", READERS_OF_LEADS),
    Row("lead", "import", {R.ANALYST: AGENCY}),
    Row("lead", "hold", DECIDE_LEADS, "The owning agency alone decides"),
    Row("lead", "dismiss", DECIDE_LEADS),
    Row("lead", "merge", DECIDE_LEADS),
    Row("lead", "reopen", DECIDE_LEADS),
    Row("lead", "promote", DECIDE_LEADS, "Opens a case"),
    Row("lead", "share", DECIDE_LEADS, "Shows a lead to another agency for a purpose"),
    Row("lead", "unshare", DECIDE_LEADS),
    Row("lead", "disseminate", DECIDE_LEADS, "Keeps who was told what, and why"),
    Row("lead", "purges", {**DECIDE_LEADS, R.AUDITOR: ALL}, "Counts and numbers, no content"),
    # -- directory --------------------------------------------------------------------------------
    Row("directory", "look", dict.fromkeys(Role, ALL), "Services, in the view of the role"),
    Row("directory", "api", dict.fromkeys(Role, ALL), "The same by the HSDS API"),
    Row("directory", "export", dict.fromkeys(Role, ALL), "The same as a package"),
    Row(
        "directory",
        "caller",
        dict.fromkeys(
            (R.TRIAGE, R.SUPERVISOR, R.ANALYST, R.INVESTIGATOR, R.PROSECUTOR, R.GRANTS), ALL
        ),
        "What a provider lets callers be told of a confidential location",
    ),
    Row(
        "directory",
        "partner",
        dict.fromkeys((R.NAVIGATOR, R.CASEWORKER, R.HEALTH, R.PROVIDER), ALL),
        "What a provider lets partners have of a confidential location",
    ),
    Row("directory", "keep", {R.PROVIDER: AGENCY}, "Own entries, seen in full and kept up to date"),
    Row("directory", "import", {R.PROVIDER: AGENCY}, "A package of HSDS into own entries"),
    Row("directory", "say_beds", {R.PROVIDER: AGENCY}, "How many places are free"),
    # -- cases ------------------------------------------------------------------------------------
    Row("case", "list", READERS_OF_CASES),
    Row("case", "open", READERS_OF_CASES),
    Row("task", "list", READERS_OF_CASES, "Of the cases one reaches, and one's own"),
    Row("task", "add", READERS_OF_CASES),
    Row("task", "change", READERS_OF_CASES, "Who and by when"),
    Row("task", "end", READERS_OF_CASES, "Done, or not needed any more"),
    Row("note", "read", READERS_OF_CASES, "Those for an audience that one is of"),
    Row("note", "write", READERS_OF_CASES, "For audiences that one is of"),
    Row("event", "list", READERS_OF_CASES, "With places and relationships; the timeline"),
    Row("event", "add", READERS_OF_CASES),
    Row("place", "add", READERS_OF_CASES),
    Row("relationship", "add", READERS_OF_CASES),
    Row("relationship", "end", READERS_OF_CASES, "Kept as ended"),
    Row("case_file", "list", READERS_OF_CASES),
    Row("case_file", "add", READERS_OF_CASES),
    Row("case_file", "copy", READERS_OF_CASES, "Without what was hidden in it"),
    Row(
        "case_file",
        "evidence",
        {R.SUPERVISOR: AGENCY, R.INVESTIGATOR: ASSIGNED, R.PROSECUTOR: ASSIGNED},
        "A file as it came",
    ),
    Row("same_person", "list", PEOPLE_OF_CASES, "Pairs of records within one's reach"),
    Row("same_person", "decide", PEOPLE_OF_CASES, "Of two records that one reaches; a link"),
    Row("same_person", "undo", PEOPLE_OF_CASES),
    Row("transfer", "list", _SEE_TRANSFERS, "By number; nothing is opened"),
    Row("transfer", "open", _SEE_TRANSFERS, "Of the case, what the step lets the agency see"),
    Row("transfer", "offer", _HAND_ON, "A case of one's agency"),
    Row("transfer", "answer", {R.SUPERVISOR: AGENCY, R.NAVIGATOR: AGENCY}, "What was offered"),
    Row("transfer", "complete", _HAND_ON, "The case goes; a stub stays"),
    Row("transfer", "revoke", _HAND_ON, "Until it is handed over"),
    # -- referral ---------------------------------------------------------------------------------
    Row("referral", "match", dict.fromkeys(_REFERRING, ALL), "A need against services; not kept"),
    Row("referral", "count_unmet", dict.fromkeys(_REFERRING, ALL), "Codes alone"),
    Row("referral", "hold", dict.fromkeys(_REFERRING, ALL), "A free place for four hours"),
    Row(
        "referral",
        "see_holds",
        dict.fromkeys((*_REFERRING, R.PROVIDER), AGENCY),
        "Those of the agency, and those of its own places",
    ),
    Row("referral", "release", dict.fromkeys(_REFERRING, AGENCY)),
    Row("referral", "list", dict.fromkeys((*_REFERRING, R.PROVIDER), AGENCY)),
    Row("referral", "open", dict.fromkeys((*_REFERRING, R.PROVIDER), AGENCY)),
    Row("referral", "offer", dict.fromkeys(_REFERRING, ALL), "To any service"),
    Row("referral", "withdraw", dict.fromkeys(_REFERRING, AGENCY), "What one's agency offered"),
    Row("referral", "answer", {R.PROVIDER: AGENCY}, "What one's agency was offered"),
    Row(
        "referral",
        "see_unmet",
        {R.NAVIGATOR: ALL, R.HEALTH: ALL, R.GRANTS: ALL, R.PROVIDER: ALL, R.CASEWORKER: ALL},
        "Counts alone",
    ),
    # -- protection -------------------------------------------------------------------------------
    Row("person", "open", PEOPLE_OF_CASES, "Who somebody is: each opening is in the audit"),
    Row("person", "list", PEOPLE_OF_CASES, "Of the cases one reaches; names are opened"),
    Row("person", "add", PEOPLE_OF_CASES, "Into a case"),
    Row(
        "person",
        "take_in",
        {R.SUPERVISOR: AGENCY, R.CASEWORKER: AGENCY, R.NAVIGATOR: AGENCY},
        "An intake: a case of one's own",
    ),
    Row("person", "change", PEOPLE_OF_CASES, "Part, age, consent; Safe Harbor stands in the way"),
    Row("person", "refer", PEOPLE_OF_CASES, "To child protection"),
    Row(
        "person",
        "offer",
        dict.fromkeys(_REFERRING, ASSIGNED),
        "To a service to whose agency the person consents",
    ),
    Row("protection", "list", WATCH_CLOCKS, "The law's deadlines"),
    Row("protection", "stop", WATCH_CLOCKS, "By saying what was done"),
    Row("consent", "withdraw", PEOPLE_OF_CASES),
    # -- records ----------------------------------------------------------------------------------
    Row("relief", "see", PEOPLE_OF_CASES, "What the law offers who was trafficked"),
    Row("relief", "task", PEOPLE_OF_CASES, "To ask counsel"),
    Row("expungement", "ask", PEOPLE_OF_CASES, "Removes nothing"),
    Row("expungement", "list", {R.SUPERVISOR: AGENCY}, "And counts of what was removed"),
    Row("expungement", "open", {R.SUPERVISOR: AGENCY}, "What goes, and what is decided first"),
    Row("expungement", "carry_out", {R.SUPERVISOR: AGENCY}, "Never by who asked for it"),
    Row("expungement", "drop", {R.SUPERVISOR: AGENCY}, "The record stays"),
    Row("legal_hold", "list", {R.SUPERVISOR: AGENCY}, "Who, why, from and until when"),
    Row("legal_hold", "place", {R.SUPERVISOR: AGENCY}, "Stops every deletion"),
    Row("legal_hold", "release", {R.SUPERVISOR: AGENCY}, "Kept as released"),
    Row("case", "close", _HAND_ON, "With how it ended: retention goes by it"),
    Row("case", "reopen", {R.SUPERVISOR: AGENCY}, "Unless it is deleted"),
    Row("retention", "list", {R.SUPERVISOR: AGENCY}, "What the site proposes to delete"),
    Row("retention", "decide", {R.SUPERVISOR: AGENCY}, "Delete or keep"),
    # -- operations -------------------------------------------------------------------------------
    # Of agencies that agreed to take part: who is assigned, and their supervisors. No provider.
    Row("operation", "list", _IN_OPERATIONS, "Those of one's agency, or assigned to one"),
    Row("operation", "open", _IN_OPERATIONS, "Objective and safety plan"),
    Row(
        "operation", "plan", {R.SUPERVISOR: AGENCY}, "Of an agency of law enforcement, which leads"
    ),
    Row("operation", "change", {R.SUPERVISOR: AGENCY}, "The agency that leads alone"),
    Row("operation", "start", {R.SUPERVISOR: AGENCY}, "Never without a victim specialist"),
    Row("operation", "debrief", {R.SUPERVISOR: AGENCY}, "The agency that leads alone, once"),
    Row("operation", "agree", _ANSWERING, "Each agency for itself; code word and dates alone"),
    Row(
        "operation",
        "assign",
        {R.SUPERVISOR: AGENCY, **_ASSIGNED_ANSWER},
        "One's own agency's people",
    ),
    Row("operation", "link", {R.SUPERVISOR: AGENCY, R.ANALYST: ASSIGNED}, "One's own leads, cases"),
    Row("operation", "task", _IN_OPERATIONS, "Say what is to be done, and that it is done"),
    Row("operation", "board", _IN_OPERATIONS, "Counts and lines without their text"),
    Row("operation", "read", _IN_OPERATIONS, "The text of the lines"),
    Row("operation", "tell", _IN_OPERATIONS, "A line of the board, never changed"),
    # At what an agency looks. Nobody of another agency ever reaches an interest.
    Row("interest", "list", _LOOKING, "Kinds and days; what it is, is not kept", at=LOOKING_AT),
    Row("interest", "register", _LOOKING, "By digest", at=LOOKING_AT),
    Row("interest", "withdraw", _LOOKING, "It matches nobody from then on", at=LOOKING_AT),
    Row("interest", "know", dict.fromkeys(_LOOKING, ASSIGNED), "The contact alone", at=LOOKING_AT),
    Row("interest", "name_contact", {R.SUPERVISOR: AGENCY}, "Whom others call", at=LOOKING_AT),
    # -- prosecution ------------------------------------------------------------------------------
    # Arrests of one's agency, and those presented to it; Safe Harbor stands before each.
    Row("arrest", "list", {**_ARRESTING, R.PROSECUTOR: AGENCY}, "Nobody is named"),
    Row("arrest", "open", {**_ARRESTING, R.PROSECUTOR: AGENCY}, "Who, and on what basis"),
    Row("arrest", "add", _ARRESTING, "Never of somebody protected, for having been sold"),
    Row("arrest", "present", _ARRESTING, "To a prosecutor, who sees it from then on"),
    Row("charge", "file", {R.PROSECUTOR: AGENCY}, "Of an arrest presented to one's agency"),
    Row("charge", "dispose", {R.PROSECUTOR: AGENCY}, "Once"),
    Row("sentence", "list", _READERS_OF_SENTENCES, "Beside the arrests; by number"),
    Row("sentence", "open", _READERS_OF_SENTENCES, "What is mandatory, beside what was ordered"),
    Row("sentence", "keep", {R.PROSECUTOR: AGENCY}, "What the court ordered"),
    Row("sentence", "send", {R.PROSECUTOR: AGENCY}, "To the clerk, who sees it from then on"),
    # -- fund -------------------------------------------------------------------------------------
    # The books name no person; orders do, sealed. A clerk has those of their own court.
    Row("fund", "see", _READERS_OF_BOOKS, "Balances; no person is named"),
    Row("fund", "flow", _READERS_OF_BOOKS, "All money, from orders to services"),
    Row("fund", "statement", _READERS_OF_BOOKS, "The year's statement"),
    Row("fund", "export", {R.CLERK: ALL, R.GRANTS: ALL, R.AUDITOR: ALL}, "Beancount, CSV"),
    Row("fund", "hand_on", {R.CLERK: ALL}, "To agencies and the account"),
    Row("fund", "close", {R.CLERK: ALL}, "Never opened again"),
    Row("fund", "pay_back", {R.CLERK: ALL}, "What an agency owes back"),
    Row("court_order", "list", {R.CLERK: AGENCY, R.PROSECUTOR: AGENCY}),
    Row("court_order", "open", {R.CLERK: AGENCY, R.PROSECUTOR: AGENCY}, "Names who is to pay"),
    Row("court_order", "enter", {R.CLERK: AGENCY}),
    Row("sentence", "take_in", {R.CLERK: AGENCY}, "As an order, once; the amounts are the court's"),
    Row("court_order", "read", {R.CLERK: AGENCY}, "Counsel's reading where statutes conflict"),
    Row("court_order", "review", {R.CLERK: AGENCY}, "Whether somebody can pay"),
    Row("forfeiture", "open", {R.CLERK: AGENCY, R.PROSECUTOR: AGENCY}, "Names nobody"),
    Row("forfeiture", "enter", {R.CLERK: AGENCY}, "Of a sentence sent to one's court"),
    Row("forfeiture", "settle", {R.CLERK: AGENCY}, "Asks the law again who receives it"),
    Row("forfeiture", "undo", {R.CLERK: AGENCY}, "What was entered by mistake"),
    Row("payment", "enter", {R.CLERK: AGENCY}),
    Row("payment", "import", {R.CLERK: AGENCY}),
    Row("payment", "file", {R.CLERK: AGENCY}, "Rows that were not taken"),
    Row("payment", "bounce", {R.CLERK: AGENCY}),
    Row("payment", "refund", {R.CLERK: AGENCY}),
    Row("grant", "list", _READERS_OF_GRANTS, "A provider's own; the account's, all"),
    Row("grant", "open", _READERS_OF_GRANTS),
    Row("grant", "call", {R.GRANTS: ALL}),
    Row("grant", "apply", {R.PROVIDER: AGENCY}),
    Row("grant", "award", {R.GRANTS: ALL}, "Never more than the account has"),
    Row("grant", "decline", {R.GRANTS: ALL}),
    Row("grant", "report", {R.PROVIDER: AGENCY}, "Counts alone"),
    Row("grant", "pay", {R.GRANTS: ALL}, "Against a report, once"),
    Row("grant", "give_back", {R.GRANTS: ALL}, "What a provider returns, to the grant"),
    Row("grant", "land", {R.PROVIDER: AGENCY}, "As places in the directory"),
    # -- training ---------------------------------------------------------------------------------
    # No trainer sees a single answer of a person: scores are of all staff together.
    Row("training", "see", _TRAINED, "One's own courses, checks and certificates"),
    Row("training", "join", _TRAINED, "Of who is on no list: where one works"),
    Row("training", "begin", _TRAINED),
    Row("training", "take", _TRAINED, "One page at a time"),
    Row("training", "check", _TRAINED, "Questions asked again"),
    Row("training", "certificate", {**_TRAINED, R.TRAINER: AGENCY}),
    Row("training", "ledger", {R.TRAINER: AGENCY}, "Every finished course, with names"),
    Row("training", "scores", {R.TRAINER: AGENCY}, "Of all staff together, never of one person"),
    Row("staff", "list", {R.TRAINER: AGENCY}, "Staff of the airline, and who is due"),
    Row("staff", "open", {R.TRAINER: AGENCY}),
    Row("staff", "import", {R.TRAINER: AGENCY}),
    Row("staff", "file", {R.TRAINER: AGENCY}, "What became of a file's rows"),
    Row("staff", "record", {R.TRAINER: AGENCY}, "A course that was taken elsewhere"),
    Row("staff", "change", {R.TRAINER: AGENCY}, "Who has left, or is back"),
    # -- crew reports -----------------------------------------------------------------------------
    Row("crew_report", "write", {R.CREW: SELF, R.OPERATIONS: SELF}, "One's own reports"),
    Row("crew_report", "mine", {R.CREW: SELF, R.OPERATIONS: SELF}, "Outcome, no details"),
    Row("crew_report", "set_up", {R.CREW: SELF, R.OPERATIONS: SELF}, "A phone that may send"),
    Row("crew_report", "end_device", {R.CREW: SELF, R.OPERATIONS: SELF}),
    Row("crew_report", "list", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY}),
    Row("crew_report", "open", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY}),
    Row("crew_report", "settle", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY}),
    Row("crew_report", "tell", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY, R.SUPERVISOR: AGENCY}),
    Row("crew_report", "lessons", {R.TRAINER: AGENCY}, "Without names, flights or dates"),
    Row("yearly", "see", _YEARLY, "Counts, days and ways; no names, no flights"),
    Row("yearly", "records", _YEARLY, "What is behind each number; to open one needs its own row"),
    Row("quarantine", "open", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY}, "What could not be read"),
    Row("quarantine", "settle", {R.OPERATIONS: AGENCY, R.TRIAGE: AGENCY}),
    # -- exchange ---------------------------------------------------------------------------------
    Row("exchange", "export", PEOPLE_OF_CASES, "To one agency for one purpose, by consent"),
    Row("exchange", "list", PEOPLE_OF_CASES, "Packages; no name of a file is opened"),
    Row("exchange", "import", PEOPLE_OF_CASES, "As cases; Safe Harbor stands before each row"),
    Row("exchange", "open", PEOPLE_OF_CASES, "Rows that were not taken, and why"),
    # -- figures ----------------------------------------------------------------------------------
)

TABLE: dict[tuple[str, str], Row] = {(row.thing, row.action): row for row in ROWS}
assert len(TABLE) == len(ROWS), "a thing and an action stand in the table twice"  # noqa: S101


def scope_of(role: str, thing: str, action: str) -> Scope | None:
    """The scope in which this role may do this, or None: it may not. KeyError without a row."""
    return TABLE[thing, action].who.get(Role(role))


def scope_at(role: str, kind: str, thing: str, action: str) -> Scope | None:
    """The same for a role at an agency of this kind: some permissions are of some kinds alone."""
    row = TABLE[thing, action]
    return row.who.get(Role(role)) if not row.at or kind in row.at else None
