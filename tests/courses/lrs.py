"""An LRS with an LMS's eye: it stores what cmi5 (quartz) allows, refuses the rest and remembers it.

The rules are those of the specification's sections 8 to 11, as far as a unit can break them.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from hosting import Answer, Asked

VERBS = "http://adlnet.gov/expapi/verbs/"
CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/"
EXTENSIONS = "https://w3id.org/xapi/cmi5/context/extensions/"
DEFINED = {"initialized", "completed", "passed", "failed", "terminated"}
DURATION = re.compile(r"PT\d+(\.\d{1,2})?S")
UNIT = "https://lms.example/activities/17"

Json = dict[str, Any]


@dataclass
class Session:
    """One launch: its one-time fetch, and what it has stored."""

    id: str
    token: str = ""
    fetched: bool = False
    statements: list[Json] = field(default_factory=list)

    def verbs(self) -> list[str]:
        return [verb_of(each) for each in self.statements]


def verb_of(statement: Json) -> str:
    return str(statement["verb"]["id"]).removeprefix(VERBS)


@dataclass
class Lrs:
    """One learner's registration for one unit."""

    mastery: float | None = 0.8
    mode: str = "Normal"
    language: str = ""
    up: str = "up"  # down: answers 503; cut: stores, and hangs up before it answers
    registration: str = field(default_factory=lambda: str(uuid.uuid4()))
    sessions: list[Session] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def actor(self) -> Json:
        return {
            "objectType": "Agent",
            "account": {"homePage": "https://lms.example", "name": "17"},
        }

    @property
    def all(self) -> list[Json]:
        """Every statement of the registration, in the order of arrival."""
        return [each for session in self.sessions for each in session.statements]

    def launch(self, url: str) -> str:
        """The address with which a new session of the unit is started."""
        session = Session(f"session-{len(self.sessions) + 1}")
        self.sessions.append(session)
        query = {
            "endpoint": f"{url}/lrs",
            "fetch": f"{url}/fetch/{session.id}",
            "actor": json.dumps(self.actor),
            "registration": self.registration,
            "activityId": UNIT,
        }
        return f"{url}/course/index.html?{urlencode(query)}"

    def data(self, session: Session) -> Json:
        """What LMS.LaunchData tells a session."""
        told: Json = {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"id": "urn:x-lms:course"}]},
                "extensions": {f"{EXTENSIONS}sessionid": session.id},
            },
            "launchMode": self.mode,
            "moveOn": "CompletedAndPassed",
        }
        if self.mastery is not None:
            told["masteryScore"] = self.mastery
        return told

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path.startswith("/fetch/"):
            return self._fetch(asked)
        if not asked.path.startswith("/lrs/"):
            return None
        if self.up == "down":
            return Answer(503)
        session = next(
            (s for s in self.sessions if asked.headers.get("authorization") == f"Basic {s.token}"),
            None,
        )
        if session is None or not session.token:
            self.refused.append("no token")
            return Answer(401)
        if not asked.headers.get("x-experience-api-version", "").startswith("1.0"):
            self.refused.append("no version")
            return Answer(400)
        told = {
            "/lrs/activities/state": self._state,
            "/lrs/agents/profile": self._profile,
            "/lrs/statements": self._statement,
        }[asked.path](asked, session)
        if self.up == "cut" and asked.method == "PUT":
            return Answer(cut=True)
        return told

    def _fetch(self, asked: Asked) -> Answer:
        session = next(s for s in self.sessions if asked.path.endswith(f"/{s.id}"))
        if asked.method != "POST" or session.fetched:
            self.refused.append("fetched twice")
            return Answer(body=b'{"error-code": "1", "error-text": "fetched before"}')
        session.fetched, session.token = True, f"token-of-{session.id}"
        return Answer(body=json.dumps({"auth-token": session.token}).encode())

    def _mine(self, asked: Asked) -> bool:
        return (
            asked.query.get("activityId") == UNIT
            and asked.query.get("registration") == self.registration
            and json.loads(asked.query.get("agent", "{}")) == self.actor
        )

    def _state(self, asked: Asked, session: Session) -> Answer:
        name = asked.query["stateId"]
        if not self._mine(asked):
            self.refused.append(f"state {name} of somebody else")
            return Answer(400)
        if asked.method == "GET" and name == "LMS.LaunchData":
            return Answer(body=json.dumps(self.data(session)).encode())
        if asked.method == "PUT" and name != "LMS.LaunchData":
            self.documents[name] = asked.body
            return Answer(204)
        if name in self.documents:
            return Answer(body=self.documents[name], type="text/plain")
        return Answer(404)

    def _profile(self, asked: Asked, _session: Session) -> Answer:
        assert asked.query["profileId"] == "cmi5LearnerPreferences"
        if not self.language:
            return Answer(404)
        return Answer(body=json.dumps({"languagePreference": self.language}).encode())

    def _statement(self, asked: Asked, session: Session) -> Answer:
        statement = json.loads(asked.body)
        if asked.method != "PUT" or asked.query.get("statementId") != statement.get("id"):
            self.refused.append("no id")
            return Answer(400)
        for each in self.all:
            if each["id"] == statement["id"]:
                return Answer(204 if each == statement else 409)
        wrong = list(self.wrong(statement, session))
        if wrong:
            self.refused += wrong
            return Answer(403, json.dumps(wrong).encode())
        session.statements.append(statement)
        return Answer(204)

    def wrong(self, statement: Json, session: Session) -> Iterator[str]:
        """What the specification forbids about this statement, at this time."""
        verb, context = verb_of(statement), statement["context"]
        uuid.UUID(statement["id"])
        if statement["actor"] != self.actor:
            yield f"{verb}: another actor"
        if context.get("registration") != self.registration:
            yield f"{verb}: another registration"
        if context.get("extensions", {}).get(f"{EXTENSIONS}sessionid") != session.id:
            yield f"{verb}: another session"
        if context.get("contextActivities", {}).get("grouping") != [{"id": "urn:x-lms:course"}]:
            yield f"{verb}: not the template's context"
        if not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", statement.get("timestamp", "")
        ):
            yield f"{verb}: timestamp not in UTC"
        yield from self._order(verb, session)
        yield from self._content(verb, statement)

    def _order(self, verb: str, session: Session) -> Iterator[str]:
        before = session.verbs()
        if (verb == "initialized") != (not before):
            yield f"{verb}: initialized must be first"
        if "terminated" in before:
            yield f"{verb}: after terminated"
        if verb in DEFINED and verb in before:
            yield f"{verb}: twice in a session"
        if verb in ("passed", "failed") and {"passed", "failed"} & set(before):
            yield f"{verb}: a second result in a session"
        ever = [verb_of(each) for each in self.all]
        if verb in ("completed", "passed") and verb in ever:
            yield f"{verb}: twice in a registration"
        if verb == "failed" and "passed" in ever:
            yield "failed: after passed"
        if self.mode != "Normal" and verb not in ("initialized", "terminated"):
            yield f"{verb}: in mode {self.mode}"

    def _content(self, verb: str, statement: Json) -> Iterator[str]:
        context, result = statement["context"], statement.get("result", {})
        categories = {
            each["id"].removeprefix(CATEGORIES)
            for each in context.get("contextActivities", {}).get("category", [])
        }
        expected = {"cmi5"} if verb in DEFINED else set()
        if verb in ("completed", "passed", "failed"):
            expected.add("moveon")
        if categories != expected:
            yield f"{verb}: categories {sorted(categories)}"
        if verb in DEFINED:
            if statement["object"]["id"] != UNIT:
                yield f"{verb}: about another activity"
        elif not statement["object"]["id"].startswith(f"{UNIT}/"):
            yield f"{verb}: about an activity outside of the unit"
        if verb in DEFINED - {"initialized"} and not DURATION.fullmatch(result.get("duration", "")):
            yield f"{verb}: duration {result.get('duration')}"
        if ("completion" in result) != (verb == "completed"):
            yield f"{verb}: completion"
        if ("score" in result) != (verb in ("passed", "failed")):
            yield f"{verb}: score"
        if verb in ("passed", "failed"):
            yield from self._judged(verb, context, result)

    def _judged(self, verb: str, context: Json, result: Json) -> Iterator[str]:
        if result.get("success") is not (verb == "passed"):
            yield f"{verb}: success"
        told = context.get("extensions", {}).get(f"{EXTENSIONS}masteryscore")
        if told != self.mastery:
            yield f"{verb}: mastery score {told}"
        score = result.get("score", {}).get("scaled", -1)
        if not 0 <= score <= 1:
            yield f"{verb}: score {score}"
        if self.mastery is not None and (score >= self.mastery) != (verb == "passed"):
            yield f"{verb}: score {score} for a mastery of {self.mastery}"

    @property
    def satisfied(self) -> bool:
        """Whether the unit is done: moveOn is CompletedAndPassed."""
        return {"completed", "passed"} <= {verb_of(each) for each in self.all}
