"""Following the posters of a closed section: the reckoning behind `closing.Displacement`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from harborlight.recognize.movement.closing import (
    AFTER_DAYS,
    BEFORE_DAYS,
    CHAIN,
    DAY,
    GENERIC,
    KINDS,
    MISSING,
    NEEDED_DAYS,
    Closed,
    Destination,
    Displacement,
    Outcome,
    Postings,
    day_of,
)
from harborlight.recognize.runtime.tally import Ints

Bools = npt.NDArray[np.bool_]


def displacement(of: Postings, closed: Closed) -> tuple[Displacement, list[Outcome]]:
    """What became of the postings in one closed section, and of each organization in it."""
    inside = _inside(of, closed)
    dated = of.when != MISSING
    at = closed.at
    days = (of.when - at) // DAY  # of undated ads it means nothing: always with `dated`
    named = of.site >= 0
    before = dated & (of.when < at)
    window = before & (days >= -BEFORE_DAYS)
    after = dated & (of.when >= at) & (days < AFTER_DAYS) & ~inside & named

    poster = of.poster
    active = np.unique(poster[inside & window])
    ends = int(of.when[dated & ~inside & named].max(initial=MISSING))
    watched = (ends - at) // DAY + 1 if ends != MISSING else 0
    warnings = _warnings(of, closed, inside, dated)

    ties = _Ties(of, poster)
    outcomes, lone = _outcomes(of, closed, active, poster, inside, after, watched, ties)
    seen = [o for o in outcomes if o.outcome == "relinked"]
    moved = sum(any(d.habit == "moved" for d in o.destinations) for o in seen)
    there = sum(all(d.habit == "already there" for d in o.destinations) for o in seen)
    reasons: dict[str, int] = {}
    for reason in [o.reason for o in outcomes if o.reason] + [r for r in lone if r]:
        reasons[reason] = reasons.get(reason, 0) + 1
    followed = np.isin(of.organization, active[active < of.organizations]) & (of.organization >= 0)
    result = Displacement(
        closed=str(closed),
        relinked=len(seen),
        not_seen=sum(o.outcome == "not seen" for o in outcomes),
        unresolved=sum(o.outcome == "unresolved" for o in outcomes),
        moved=moved,
        already_there=there,
        lone_not_seen=sum(not r for r in lone),
        lone_unresolved=sum(bool(r) for r in lone),
        reasons=tuple(sorted(reasons.items())),
        false_link_rate=_false_link_rate(
            poster, inside & before, after, ties, np.array([o.organization for o in seen])
        ),
        comparison_moved=_comparison(of, poster, inside, before, window, after, active),
        spam_share=_repeated(of, after & (days < BEFORE_DAYS)),
        spam_share_before=_repeated(of, window & named),
        coverage=_panel(of, inside, dated, at),
        weekly=_weekly(of, closed, inside, dated & named & followed, days, watched // 7),
        warnings=warnings,
    )
    return result, outcomes


def _plain(name: str) -> str:
    return name.casefold().strip().strip("/").removeprefix("www.")


def _inside(of: Postings, closed: Closed) -> Bools:
    """Which ads stand in the closed section; names are compared without regard to case."""
    sites = [i for i, name in enumerate(of.sites) if _plain(name) == _plain(closed.site)]
    inside = np.isin(of.site, sites)
    if closed.section is not None:
        wanted = _plain(closed.section)
        inside &= np.isin(of.section, [i for i, s in enumerate(of.sections) if _plain(s) == wanted])
    return inside


def _warnings(of: Postings, closed: Closed, inside: Bools, dated: Bools) -> tuple[str, ...]:
    said = []
    if not inside.any():
        site = np.isin(
            of.site, [i for i, s in enumerate(of.sites) if _plain(s) == _plain(closed.site)]
        )
        if site.any():
            have = sorted({of.sections[i] for i in np.unique(of.section[site]).tolist() if i >= 0})
            said.append(f"{closed}: no ad of that section; the site's are: {_few(have)}")
        else:
            said.append(f"{closed}: no ad of that site; the sites are: {_few(sorted(of.sites))}")
        return tuple(said)
    when = of.when[inside & dated]
    if not len(when):
        return (f"{closed}: none of the section's {int(inside.sum()):,} ads has a date",)
    if closed.at <= int(when.min()):
        said.append(f"{closed}: the section's ads begin on {day_of(int(when.min()))}, not before")
    elif not ((when < closed.at) & (when >= closed.at - BEFORE_DAYS * DAY)).any():
        said.append(f"{closed}: the section has no ad in the {BEFORE_DAYS} days before")
    late = int((when >= closed.at).sum())
    if late:
        said.append(
            f"{closed}: {late:,} ads stand in the section on that day or after: is it right?"
        )
    if not (of.when[dated & ~inside] >= closed.at).any():
        said.append(f"{closed}: no ad elsewhere is dated on that day or after")
    undated = int((inside & ~dated).sum())
    if undated:
        said.append(f"{closed}: {undated:,} of the section's ads have no date and are left out")
    return tuple(said)


def _few(names: list[str]) -> str:
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "") if names else "none"


# --- who was seen again ------------------------------------------------------------------------


class _Ties:
    """Identifiers and templates by poster, and which are generic."""

    def __init__(self, of: Postings, poster: Ints) -> None:
        self.row, self.tie, self.kind = of.tie_row, of.tie, of.tie_kind
        self.poster = poster[of.tie_row] if len(of.tie_row) else of.tie_row
        self.count = int(of.tie.max()) + 1 if len(of.tie) else 0
        pairs = np.unique(_key(self.poster, self.tie, self.count))
        posters = np.bincount(pairs % max(self.count, 1), minlength=self.count)
        self.generic = posters > GENERIC

    def keys(self, rows: Bools, generic: bool = False) -> Ints:
        """The (poster, identifier) pairs of the ads in `rows`, sorted, with generic ones or not."""
        if not len(self.row):
            return self.row
        use = rows[self.row] & (generic | ~self.generic[self.tie])
        return np.unique(_key(self.poster[use], self.tie[use], self.count))


def _key(a: Ints, b: Ints, wide: int) -> Ints:
    return a * max(wide, 1) + b


def _outcomes(
    of: Postings,
    closed: Closed,
    active: Ints,
    poster: Ints,
    inside: Bools,
    after: Bools,
    watched: int,
    ties: _Ties,
) -> tuple[list[Outcome], list[str]]:
    """Each organization's outcome, and each lone poster's reason for being unresolved or ""."""
    found = _destinations(of, closed, active, poster, inside, after, ties)
    before = (of.when != MISSING) & (of.when < closed.at)
    # Ads elsewhere of active posters that have no date, and others' that share an identifier.
    undated = np.unique(poster[(of.when == MISSING) & ~inside])
    had = ties.keys(inside & before, generic=True)
    elsewhere = np.unique(ties.tie[after[ties.row]]) if len(ties.row) else ties.tie
    doubtful = np.unique(had[np.isin(had % max(ties.count, 1), elsewhere)] // max(ties.count, 1))

    def why(who: int) -> str:
        if watched < NEEDED_DAYS:
            return "the data ends too soon after the closing"
        if _has(undated, who):
            return "its ads elsewhere have no date"
        if _has(doubtful, who):
            return "only contacts or wording that many others share"
        return ""

    outcomes, lone = [], []
    last = _last_rows(of, poster, inside & before)
    for who in active.tolist():
        reason = "" if who in found else why(who)
        if who >= of.organizations:
            lone.append(reason)
        elif who in found:
            outcomes.append(Outcome(who, "relinked", "", last[who], tuple(found[who])))
        else:
            outcome = "unresolved" if reason else "not seen"
            outcomes.append(Outcome(who, outcome, reason, last[who]))
    return outcomes, lone


def _has(sorted_values: Ints, value: int) -> bool:
    i = int(np.searchsorted(sorted_values, value))
    return i < len(sorted_values) and int(sorted_values[i]) == value


def _last_rows(of: Postings, poster: Ints, rows: Bools) -> dict[int, int]:
    """The last ad of each poster among some."""
    at = np.flatnonzero(rows)
    at = at[np.lexsort((at, of.when[at], poster[at]))]
    return dict(zip(poster[at].tolist(), at.tolist(), strict=True))


def _destinations(
    of: Postings,
    closed: Closed,
    active: Ints,
    poster: Ints,
    inside: Bools,
    after: Bools,
    ties: _Ties,
) -> dict[int, list[Destination]]:
    """Where each active organization posted after the closing, by first posting there."""
    mine = np.isin(poster, active) & (poster < of.organizations)
    rows = np.flatnonzero(after & mine)
    if not len(rows):
        return {}
    wide = int(of.spot.max()) + 1
    rows = rows[np.lexsort((rows, of.when[rows]))]
    keys, first, back, ads = np.unique(
        _key(poster[rows], of.spot[rows], wide),
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    before = (of.when != MISSING) & (of.when < closed.at)
    habits = np.unique(_key(poster[before & mine], of.spot[before & mine], wide))
    known_before = np.unique(of.site[before])

    # Which kinds of evidence the ads there share with the poster's ads in the closed section.
    group = np.full(len(of.when), -1, dtype=np.int64)
    group[rows] = back
    shown = np.zeros((len(keys), len(KINDS)), dtype=bool)
    if len(ties.row):
        had = ties.keys(inside & before)
        use = (group[ties.row] >= 0) & np.isin(_key(ties.poster, ties.tie, ties.count), had)
        shown[group[ties.row[use]], ties.kind[use]] = True

    result: dict[int, list[Destination]] = {}
    for i in np.lexsort((keys, of.when[rows[first]])).tolist():
        row = int(rows[first[i]])
        site, section = of.name_of(row)
        if _has(habits, int(keys[i])):
            habit = "already there"
        else:
            habit = "moved" if _has(known_before, int(of.site[row])) else "not known"
        evidence = tuple(kind for kind, has in zip(KINDS, shown[i].tolist(), strict=True) if has)
        result.setdefault(int(poster[row]), []).append(
            Destination(site, section, habit, evidence or (CHAIN,), row, int(ads[i]))
        )
    return result


# --- how far to trust it -----------------------------------------------------------------------


def _false_link_rate(
    poster: Ints, had: Bools, after: Bools, ties: _Ties, relinked: Ints
) -> float | None:
    """The share of relinked posters that another poster's ads would also be taken for theirs.

    Each relinked poster is given the ads after the closing of another poster of like volume (the
    same power of two of ads), and counted when these share an identifier or template that is not
    generic with its own ads in the closed section. All exchanges are counted, none is drawn.
    """
    if not len(relinked) or not ties.count:
        return None
    others, volume = np.unique(poster[after], return_counts=True)
    stratum = np.floor(np.log2(volume)).astype(np.int64)

    def matrix(keys: Ints, who: Ints) -> sp.csr_matrix:
        row = np.searchsorted(who, keys // ties.count)
        row = np.minimum(row, len(who) - 1)
        good = who[row] == keys // ties.count
        ones = np.ones(int(good.sum()), dtype=np.int64)
        return sp.csr_matrix(
            (ones, (row[good], keys[good] % ties.count)), shape=(len(who), ties.count)
        )

    shared = (matrix(ties.keys(had), relinked) @ matrix(ties.keys(after), others).T).tocoo()
    mine = np.searchsorted(others, relinked)
    foreign = (mine[shared.row] != shared.col) & (shared.data > 0)
    alike = foreign & (stratum[mine[shared.row]] == stratum[shared.col])
    links = np.bincount(shared.row[alike], minlength=len(relinked)).astype(np.float64)
    pool = np.bincount(stratum)[stratum[mine]] - 1
    exchanged = pool > 0
    if not exchanged.any():
        return None
    return float(round((links[exchanged] / pool[exchanged]).mean(), 6))


def _comparison(
    of: Postings,
    poster: Ints,
    inside: Bools,
    before: Bools,
    window: Bools,
    after: Bools,
    active: Ints,
) -> float | None:
    """Of organizations active elsewhere only, the share seen somewhere new to them after."""
    organized = (poster < of.organizations) & (of.site >= 0)
    others = np.setdiff1d(np.unique(poster[window & ~inside & organized]), active)
    if not len(others):
        return None
    wide = int(of.spot.max()) + 1
    mine = np.isin(poster, others)
    later = np.unique(_key(poster[after & mine], of.spot[after & mine], wide))
    known = np.isin(later % wide, np.unique(of.spot[before]))  # sites already covered
    earlier = np.unique(_key(poster[before & mine], of.spot[before & mine], wide))
    new = later[known & ~np.isin(later, earlier)]
    return float(round(len(np.unique(new // wide)) / len(others), 6))


def _repeated(of: Postings, rows: Bools) -> float | None:
    """The share of ads whose text is, word for word, that of an earlier one on the same site."""
    total = int(rows.sum())
    if not total:
        return None
    pairs = np.empty(total, dtype=[("site", np.int64), ("text", np.uint64)])
    pairs["site"], pairs["text"] = of.site[rows], of.text[rows]
    order = np.lexsort((pairs["text"], pairs["site"]))
    pairs = pairs[order]
    different = 1 + int((pairs[1:] != pairs[:-1]).sum())
    return float(round(1 - different / total, 6))


def _panel(
    of: Postings, inside: Bools, dated: Bools, at: int
) -> tuple[tuple[str, str, str, int], ...]:
    """Sites with data before and after the closing, the closed section left out."""
    result = []
    rows = np.flatnonzero(dated & ~inside & (of.site >= 0))
    rows = rows[np.argsort(of.site[rows], kind="stable")]
    sites, starts, counts = np.unique(of.site[rows], return_index=True, return_counts=True)
    for site, start, count in zip(sites.tolist(), starts.tolist(), counts.tolist(), strict=True):
        when = of.when[rows[start : start + count]]
        first, last = int(when.min()), int(when.max())
        if first < at <= last:
            result.append((of.sites[site], day_of(first), day_of(last), count))
    return tuple(sorted(result))


def _weekly(
    of: Postings, closed: Closed, inside: Bools, rows: Bools, days: Ints, weeks: int
) -> tuple[tuple[int, str, int], ...]:
    """Ads by week and site of the organizations followed, from BEFORE to AFTER the closing."""
    weeks_before = BEFORE_DAYS // 7
    rows = rows & (days >= -7 * weeks_before) & (days < min(AFTER_DAYS, 7 * weeks))
    at = np.flatnonzero(rows)
    if not len(at):
        return ()
    week = days[at] // 7
    site = np.where(inside[at], len(of.sites), of.site[at])
    keys, ads = np.unique((week + weeks_before) * (len(of.sites) + 1) + site, return_counts=True)
    names = [*of.sites, closed.place]
    # Every week is told of the closed section, 0 too, so that weeks without any ad are not lost.
    watched = range(-weeks_before, min(AFTER_DAYS // 7, max(weeks, 0)))
    result = {(week_watched, closed.place): 0 for week_watched in watched}
    for key, count in zip(keys.tolist(), ads.tolist(), strict=True):
        at_week, at_site = divmod(key, len(of.sites) + 1)
        result[at_week - weeks_before, names[at_site]] = count
    return tuple(sorted((*where, count) for where, count in result.items()))
