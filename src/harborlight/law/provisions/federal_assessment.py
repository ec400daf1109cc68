"""The federal special assessments on people convicted, and how long they last."""

from __future__ import annotations

from harborlight.law.fact import Choice, Count, Day, Fact, Money, YesNo
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import Value

GROUP = "Federal money"
LAW = "federal.trafficking_assessment"
EACH = "federal.conviction_assessment"
IMAGES = "federal.image_assessment"

SENTENCING_DATE = Fact("sentencing_date", Day(), "the day of sentencing", default_on=True)
STATUTE = Fact("statute", Choice(node="federal.statutes"), "the section of the conviction")
COUNTS = Fact("counts", Count(least=1), "counts of conviction under such sections")
CIRCUIT = Fact("circuit", Choice(node="federal.circuits"), "the federal circuit of the court")
PER_COUNT, PER_OFFENDER = "per count", "per offender"


@rule(
    "federal-trafficking-assessment",
    group=GROUP,
    question="What additional special assessment is due for a trafficking conviction?",
    facts=(
        SENTENCING_DATE,
        STATUTE,
        COUNTS,
        CIRCUIT,
        Fact("indigent", YesNo(), "indigent, future earning ability considered"),
        Fact(
            "only_family_helped",
            YesNo(),
            "for the immigration trigger: helped only an own spouse, parent, son or daughter",
        ),
        Fact(
            "gap_reading",
            Choice(("as enacted", "as amended")),
            "counsel's choice for days between the end of a window and its renewal: the text as "
            "enacted on that day (lapsed), or as later amended (continuous)",
        ),
        Fact(
            "counting",
            Choice((PER_COUNT, PER_OFFENDER)),
            "counsel's choice where the circuit has not decided",
        ),
    ),
    answers="cents, zero where none is due",
    unit="cents",
    reads=(f"{LAW}.trigger", f"{LAW}.years_after_judgment"),
)
def trafficking_assessment(q: Question) -> Answered:
    """The window on the day of sentencing, the trigger, indigence, and the count of amounts."""
    q.day = q.fact("sentencing_date")
    q.refuse(q.day > q.on, "sentencing_date", "the sentencing is after the day asked about")
    due = window_open(q) & triggered(q)
    indigent = q.fact("indigent")
    q.step(
        indigent,
        yes="The defendant is indigent and is not assessed.",
        no="The defendant is not indigent, now or by future earning ability.",
        unknown="Whether the defendant is indigent is not known.",
    )
    due = due & ~(indigent & q.law(f"{LAW}.indigent_exempt"))

    amount, counts = q.law(f"{LAW}.amount"), q.fact("counts")
    each_count = amount * counts
    counting = counting_of(q)
    total = q.where(counting.equals(PER_COUNT), each_count, amount)
    q.step(
        due.settled_by(True),
        yes="The amount is {amount:money}. Counts: {counts}. Per count that makes {each:money}, "
        "per offender {amount:money}.",
        amount=amount,
        each=each_count,
        counts=counts,
    )
    per_count = q.where(due.settled_by(True), each_count, 0)
    per_offender = q.where(due.settled_by(True), amount, 0)
    q.detail("per_count", per_count)
    q.detail("per_offender", per_offender)
    q.step(
        due.settled_by(True),
        yes="It is payable only after all fines, restitution and other victim compensation of "
        "these convictions (see the rule payment-order).",
        cites=f"{LAW}.payable_last",
    )
    return q.conclude(
        q.where(due, total, 0),
        yes="{answer:money} is due.",
        no="No such assessment is due.",
        unknown="Unknown. If it is due: per count {each:money}, per offender {amount:money}.",
        each=per_count,
        amount=per_offender,
    )


def window_open(q: Question) -> Value:
    """Whether the court assesses on the law's day; in a gap the two readings of the text differ."""
    last = q.law(f"{LAW}.window_last_day")
    enacted = q.in_force(f"{LAW}.window_last_day") & (q.day <= last)
    continuous = f"{LAW}.window_reads_continuous"
    amended = q.law(continuous, cited=False) & q.in_force(continuous, cited=False)
    q.step(
        enacted,
        yes="On {day} the window for assessing was open.",
        no="On {day} no window for assessing was open by the text of that day.",
        unknown="The day of sentencing is unknown, and with it the window.",
        day=q.day,
    )
    in_gap = ~enacted & amended
    q.step(
        in_gap,
        yes="The window had lapsed (last day {last}). The text as later amended reads as if it "
        "never had; whether courts assess for such a day is a legal question. Set gap_reading to "
        "counsel's choice.",
        last=last,
        cites=continuous,
    )
    q.step(
        q.in_force(f"{LAW}.measured_on_sentencing_day").settled_by(False),
        yes="The window was measured on the day of sentencing, which is a reading of the text.",
        cites=f"{LAW}.measured_on_sentencing_day",
    )
    return q.where(q.fact("gap_reading").equals("as amended"), amended, enacted)


def triggered(q: Question) -> Value:
    """Whether the conviction's section is an offense of a chapter that triggers."""
    statute = q.fact("statute")
    chapter = q.law_of("federal.statutes", statute, "chapter")
    offense = q.law_of("federal.statutes", statute, "offense")
    listed = q.law_of(f"{LAW}.trigger", chapter) & q.in_force_of(f"{LAW}.trigger", chapter)
    q.step(
        offense,
        yes="{statute} belongs to: {chapter}.",
        no="{statute} states no offense (on that day): nobody is convicted under it.",
        statute=statute,
        chapter=chapter,
    )
    q.step(
        listed,
        yes="That triggers the assessment.",
        no="That does not trigger the assessment.",
    )
    q.step(statute.is_known(), no="The section of the conviction is not known.")
    q.step(
        statute.is_known() & ~offense.is_known(),
        yes="Whether {statute} states an offense of its own was not found.",
        statute=statute,
    )
    family = q.fact("only_family_helped")
    smuggling = chapter.equals("immigration smuggling")
    excepted = smuggling & family & q.in_force(f"{LAW}.family_exception", cited=False)
    q.step(
        smuggling.settled_by(False) & ~family.is_known(),
        yes="Whether the person helped only close family is not known.",
        cites=f"{LAW}.family_exception",
    )
    q.step(
        excepted,
        yes="The person helped only an own spouse, parent, son or daughter: excepted.",
        cites=f"{LAW}.family_exception",
    )
    q.step(
        family.settled_by(False) & ~smuggling.settled_by(False),
        yes="That only family was helped changes nothing here: the exception is for the "
        "immigration trigger alone.",
    )
    return offense & listed & ~excepted


def counting_of(q: Question) -> Value:
    """Per count or per offender, as the circuit decided, or as counsel chooses."""
    circuit = q.fact("circuit")
    decided = q.law_of("federal.circuits", circuit)
    q.step(
        decided.is_known(),
        yes="The {circuit} circuit counts {decided}.",
        no="How this circuit counts was not found: the circuits are split.",
        circuit=circuit,
        decided=decided,
    )
    # Counsel's choice holds in a circuit that has not decided, not in one that is not told.
    return q.where(circuit.is_known(), q.first_known(decided, q.fact("counting")), decided)


@rule(
    "federal-trafficking-assessment-end",
    group=GROUP,
    question="Until when, at the latest, must the additional special assessment be paid?",
    facts=(
        Fact("judgment_date", Day(), "the day of the judgment"),
        Fact("imprisoned", YesNo(), "the person was imprisoned"),
        Fact("release_date", Day(), "the day of release from prison"),
        Fact("deceased", YesNo(), "the person has died"),
        Fact("death_date", Day(), "the day of death"),
    ),
    answers="a day",
    reads=(f"{LAW}.years_after_judgment",),
)
def trafficking_assessment_end(q: Question) -> Answered:
    """The later of some years after judgment and after release; or death."""
    judgment, release = q.fact("judgment_date"), q.fact("release_date")
    death = q.fact("death_date")
    q.refuse(release < judgment, "release_date", "the release is before the judgment")
    q.refuse(death < judgment, "death_date", "the death is before the judgment")
    imprisoned, deceased = q.fact("imprisoned"), q.fact("deceased")
    q.refuse(~imprisoned & release.is_known(), "imprisoned", "no, but a release is told")
    q.refuse(~deceased & death.is_known(), "deceased", "no, but a death is told")
    q.day = judgment
    q.refuse(
        ~q.in_force(f"{LAW}.years_after_judgment"),
        "judgment_date",
        "there was no such assessment in judgments of that day",
    )
    years = q.law(f"{LAW}.years_after_judgment")
    by_judgment = q.years_after(judgment, years)
    by_release = q.years_after(release, years)
    later = q.where(by_release > by_judgment, by_release, by_judgment)
    ends = q.where(~imprisoned & ~release.is_known(), by_judgment, later)
    q.step(
        by_judgment.is_known(),
        yes="{years} years from the judgment of {judgment}: {ends}.",
        years=years,
        judgment=judgment,
        ends=by_judgment,
    )
    q.step(
        by_release.is_known(),
        yes="{years} years after the release of {release}: {ends}. The later counts.",
        years=years,
        release=release,
        ends=by_release,
    )
    q.step(
        imprisoned.settled_by(False) & ~release.is_known(),
        yes="The day of release is not known, and the later of the two counts.",
    )
    q.step(
        deceased | death.is_known(),
        no="The person is alive; death would end the duty before.",
        unknown="No death was told; death would end the duty before.",
    )
    died = (deceased | death.is_known()).settled_by(False)
    ends = q.where(died, q.where(death < ends, death, ends), ends)
    q.step(death.is_known(), yes="The person died on {death}: the duty ended.", death=death)
    return q.conclude(
        ends,
        yes="The duty to pay ends on {answer} at the latest; full payment or death ends it before.",
        unknown="Unknown when the duty ends.",
    )


@rule(
    "federal-conviction-assessment",
    group=GROUP,
    question="What special assessment is due on each federal conviction?",
    facts=(
        SENTENCING_DATE,
        Fact("offense_class", Choice(node=f"{EACH}.amounts"), "the class of the offense"),
        Fact("defendant", Choice(("individual", "other")), "a person, or another defendant"),
        COUNTS,
    ),
    answers="cents",
    unit="cents",
)
def conviction_assessment(q: Question) -> Answered:
    """The amount by class and kind of defendant, on each count."""
    q.day = q.fact("sentencing_date")
    q.refuse(q.day > q.on, "sentencing_date", "the sentencing is after the day asked about")
    kind, defendant = q.fact("offense_class"), q.fact("defendant")
    amount = q.where(
        defendant.equals("individual"),
        q.law_of(f"{EACH}.amounts", kind, "individual"),
        q.law_of(f"{EACH}.amounts", kind, "other"),
    )
    counts = q.fact("counts")
    q.step(
        amount.is_known(),
        yes="For this offense ({kind}; defendant: {defendant}) the amount is {amount:money}.",
        no="The class of the offense, the kind of defendant or the law of the day is not known.",
        kind=kind,
        defendant=defendant,
        amount=amount,
    )
    per_count = q.law(f"{EACH}.per_count")
    q.step(
        counts > 1,
        yes="It is imposed on each of {counts} counts (weak source).",
        unknown="The number of counts is not known.",
        counts=counts,
    )
    return q.conclude(
        q.where(per_count, amount * counts, amount),
        yes="{answer:money} is due.",
        unknown="Unknown; per count {amount:money}.",
        amount=amount,
    )


@rule(
    "federal-conviction-assessment-end",
    group=GROUP,
    question="Until when must the assessment on each conviction be paid?",
    facts=(Fact("judgment_date", Day(), "the day of the judgment"),),
    answers="a day",
    reads=(f"{EACH}.years_after_judgment",),
)
def conviction_assessment_end(q: Question) -> Answered:
    """Some years after the judgment."""
    judgment = q.fact("judgment_date")
    q.day = judgment
    years = q.law(f"{EACH}.years_after_judgment")
    q.step(
        judgment.is_known(),
        yes="{years} years after the judgment of {judgment}.",
        years=years,
        judgment=judgment,
    )
    return q.conclude(
        q.years_after(judgment, years),
        yes="The duty to pay ends on {answer}.",
        unknown="Unknown when the duty ends.",
    )


@rule(
    "federal-image-assessment",
    group=GROUP,
    question="What is the most a court may assess for trafficking in images of child abuse?",
    facts=(
        SENTENCING_DATE,
        Fact(
            "offense_kind",
            Choice(node=f"{IMAGES}.cap"),
            "possession, other trafficking, or production",
        ),
        Fact("adjusted_cap", Money(), "the cap as adjusted for the year, if you have looked it up"),
    ),
    answers="cents, the cap",
    unit="cents",
)
def image_assessment(q: Question) -> Answered:
    """The cap by kind of offense; the yearly adjusted caps are in no source that was read."""
    q.day = q.fact("sentencing_date")
    q.refuse(q.day > q.on, "sentencing_date", "the sentencing is after the day asked about")
    kind = q.fact("offense_kind")
    in_force = q.in_force_of(f"{IMAGES}.cap", kind)
    cap = q.law_of(f"{IMAGES}.cap", kind)
    adjusted = q.law(f"{IMAGES}.adjusted_yearly")
    q.step(
        in_force,
        yes="The cap in the statute for {kind} is {cap:money}.",
        no="On {day} there was no such assessment.",
        unknown="The kind of offense or the day is not known.",
        kind=kind,
        cap=cap,
        day=q.day,
    )
    q.step(
        adjusted,
        yes="The caps are adjusted to prices every year. The adjusted amounts were in no source: "
        "look up the amount of {day} and give it as adjusted_cap.",
        no="The caps of the first year stand as written.",
        day=q.day,
    )
    q.detail("cap_in_statute", cap)
    told = q.fact("adjusted_cap")
    q.refuse(told < cap, "adjusted_cap", "less than the cap in the statute")
    final = q.where(in_force, q.where(adjusted, told, cap), 0)
    return q.conclude(
        final,
        yes="At most {answer:money}.",
        unknown="Unknown; before adjustment {cap:money}.",
        cap=cap,
    )
