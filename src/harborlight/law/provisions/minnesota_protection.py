"""Minnesota Safe Harbor: a child who was hired is not charged but protected, and helped."""

from __future__ import annotations

from harborlight.law.fact import Choice, Count, Day, Fact, YesNo
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import Value

GROUP = "Safe Harbor, Minnesota"
LAW = "minnesota.safe_harbor"
DELINQUENT = f"{LAW}.delinquent_under_age"
PETTY = f"{LAW}.petty_offender_under_age"
YOUNGEST = f"{LAW}.delinquent_from_age"
PRESUMED = f"{LAW}.unknown_age_is_minor"

BIRTH_DATE = Fact("birth_date", Day(), "the person's day of birth")
AGE = Fact("age", Count(most=130), "the person's age on the day of the offense, if no birth date")
OFFENSE_DATE = Fact("offense_date", Day(), "the day of the alleged conduct", default_on=True)
CONDUCT = Fact(
    "conduct",
    Choice(
        ("hired", "hiring", "other"),
        also=(
            ("being hired", "hired"),
            ("offering", "hired"),
            ("agreeing", "hired"),
            ("hire", "hiring"),
            ("buyer", "hiring"),
            ("buying", "hiring"),
        ),
    ),
    "what is alleged: hired (was hired, offered or agreed to be hired for sex), hiring (hired or "
    "engaged somebody else), other (anything else)",
)


def check_birth(q: Question, day: Value, field: str) -> Value:
    """The age on a day, from the birth date or as told; a contradiction is refused."""
    born, told = q.fact("birth_date"), q.fact("age")
    q.refuse(born > day, "birth_date", f"the birth date is after {field}")
    counted = q.age(born, day)
    q.refuse(~counted.equals(told), "age", "the age does not fit the birth date")
    return q.first_known(counted, told)


def is_minor(q: Question, age: Value, limit: Value, matters: Value) -> Value:
    """Whether the person is younger than a limit; an unknown age is presumed to be."""
    young = age < limit
    q.step(
        young,
        yes="The person was {age} years old, younger than {limit}.",
        no="The person was {age} years old, not younger than {limit}.",
        age=age,
        limit=limit,
    )
    unknown_age = (
        "The age is unknown. The person is presumed to be a minor until the age is "
        "known; this was presumed, not shown."
    )
    return q.presume(young, age, PRESUMED, unknown_age, matters)


@rule(
    "minnesota-safe-harbor",
    group=GROUP,
    question="Is this child outside delinquency and petty-offense law for being hired for sex?",
    facts=(BIRTH_DATE, AGE, OFFENSE_DATE, CONDUCT),
)
def safe_harbor(q: Question) -> Answered:
    """The exclusion from "delinquent child" and from "petty offender", by the offense's day."""
    offense = q.fact("offense_date")
    q.refuse(offense > q.on, "offense_date", "the offense is after the day asked about")
    q.day = offense
    age = check_birth(q, offense, "the offense")

    limit = q.law(DELINQUENT)
    petty_limit = q.law(PETTY)
    in_force = q.in_force(DELINQUENT)
    petty_in_force = q.in_force(PETTY)
    q.step(
        in_force,
        yes="On {day} the exclusion covered children younger than {limit}.",
        no="On {day} the exclusion was not in force; the citation says what was known then.",
        unknown="The day of the offense is unknown, and with it the law that governs.",
        day=offense,
        limit=limit,
    )
    hired = q.fact("conduct").equals("hired")
    q.step(
        hired,
        yes="The allegation is of being hired, or offering or agreeing to be hired.",
        no="The allegation is not of being hired. The exclusion protects only the person who is "
        "hired: an allegation of hiring another, or of anything else, stays possible.",
        unknown="What is alleged is not known.",
    )
    minor = is_minor(q, age, limit, in_force)
    q.detail("excluded_from_delinquent_child", in_force & minor & hired)
    petty = petty_in_force & q.where(age.is_known(), age < petty_limit, minor)
    q.detail("excluded_from_petty_offender", petty & hired)
    answer = in_force & hired & minor & petty
    q.step(
        (in_force & hired & minor).settled_by(False) & ~petty.settled_by(True),
        yes="The child is no delinquent child, but is not excluded from petty offenses.",
    )
    q.step(
        answer,
        yes="Only this conduct is excluded: any other allegation stays possible, and who hired "
        "the child can be charged.",
    )
    youngest = q.law(YOUNGEST, cited=False)
    q.step(
        (age < youngest).settled_by(False),
        yes="Whatever is alleged: children younger than {youngest} are reported to have left the "
        'definition "delinquent child" (weak source).',
        youngest=youngest,
        cites=YOUNGEST,
    )
    return q.conclude(
        answer,
        yes="Protected: for this conduct the child is neither a delinquent child nor a petty "
        "offender.",
        no="Not excluded by Safe Harbor from delinquency law for what is alleged on this day.",
        unknown="Unknown whether Safe Harbor excludes this.",
    )


EXPLOITED_FACTS = (
    BIRTH_DATE,
    AGE,
    Fact("alleged_hired", YesNo(), "alleged to have been hired, or offered or agreed to be hired"),
    Fact("victim_of_state_offense", YesNo(), "victim of a sexual offense that Minnesota lists"),
    Fact("victim_of_federal_offense", YesNo(), "victim of a sexual offense of the federal list"),
    Fact("sex_trafficking_victim", YesNo(), "victim of sex trafficking"),
)


def exploited_youth(q: Question) -> Value:
    """Whether any of the four grounds of the definition holds for a child."""
    age = check_birth(q, q.on, "the day asked about")
    in_force = q.in_force(f"{LAW}.sexually_exploited_youth")
    q.step(
        in_force,
        yes="On {day} the law defined a sexually exploited youth.",
        no="On {day} the law did not yet define a sexually exploited youth.",
        day=q.on,
    )
    minor = is_minor(q, age, q.law(f"{LAW}.child_under_age"), in_force)
    ground = q.constant(False)
    for fact in EXPLOITED_FACTS[2:]:
        holds = q.fact(fact.name)
        q.step(
            holds,
            yes=f"This ground holds: {fact.text}.",
            no=f"This ground does not hold: {fact.text}.",
            unknown=f"Not known: {fact.text}.",
        )
        ground = ground | holds
    return in_force & minor & ground


@rule(
    "minnesota-sexually-exploited-youth",
    group=GROUP,
    question="Is this person a sexually exploited youth?",
    facts=EXPLOITED_FACTS,
)
def sexually_exploited_youth(q: Question) -> Answered:
    """The definition with its four grounds; one is enough."""
    return q.conclude(
        exploited_youth(q),
        yes="A sexually exploited youth.",
        no="Not a sexually exploited youth as the law defines it on this day.",
        unknown="Unknown whether a ground of the definition holds.",
    )


@rule(
    "minnesota-child-in-need-of-protection",
    group=GROUP,
    question="Is this child in need of protection or services, as a sexually exploited youth?",
    facts=EXPLOITED_FACTS,
)
def child_in_need_of_protection(q: Question) -> Answered:
    """A sexually exploited youth is a child in need of protection; other grounds are not asked."""
    exploited = exploited_youth(q)
    in_force = q.in_force(f"{LAW}.child_in_need_of_protection")
    q.say("Only this ground is looked at; a child may need protection on other grounds.")
    return q.conclude(
        in_force & exploited,
        yes="In need of protection or services: the way is child protection, not prosecution.",
        no="Not in need of protection on this ground; other grounds were not looked at.",
        unknown="Unknown whether this ground holds.",
    )


@rule(
    "minnesota-services",
    group=GROUP,
    question="Is this person eligible for Safe Harbor services by age?",
    facts=(
        BIRTH_DATE,
        AGE,
        Fact("sexually_exploited", YesNo(), "the person was sexually exploited or trafficked"),
    ),
)
def services(q: Question) -> Answered:
    """Services for exploited people up to an age; an unknown age is presumed to be a minor's."""
    age = check_birth(q, q.on, "the day asked about")
    in_force = q.in_force(f"{LAW}.services_oldest_age")
    q.step(
        in_force,
        yes="On {day} services were for people {oldest} and younger.",
        no="On {day} there were no Safe Harbor services by law.",
        unknown="Who was eligible on {day} was not found in any source.",
        day=q.on,
        oldest=q.law(f"{LAW}.services_oldest_age"),
    )
    young = is_minor(q, age, q.law(f"{LAW}.services_oldest_age") + 1, in_force)
    exploited = q.fact("sexually_exploited")
    q.step(
        exploited,
        yes="The person was sexually exploited.",
        no="The person was not sexually exploited; these services are for those who were.",
        unknown="It is not known whether the person was sexually exploited.",
    )
    return q.conclude(
        in_force & young & exploited,
        yes="Eligible for Safe Harbor services.",
        no="Not eligible for Safe Harbor services on this day.",
        unknown="Unknown whether eligible.",
    )
