"use strict";
// The way to an LMS that speaks cmi5: statements in the order that cmi5 (quartz) asks for.

const VERB = {
  initialized: "http://adlnet.gov/expapi/verbs/initialized",
  answered: "http://adlnet.gov/expapi/verbs/answered",
  completed: "http://adlnet.gov/expapi/verbs/completed",
  passed: "http://adlnet.gov/expapi/verbs/passed",
  failed: "http://adlnet.gov/expapi/verbs/failed",
  terminated: "http://adlnet.gov/expapi/verbs/terminated",
};
const CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
const MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon";
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";

const LINK = {
  who: "unknown",
  again: true, // false once this session has its one passed or failed
  began: Date.now(),
  found: false,
  open: false,
  over: false,
  review: false,
  _launch: null,

  /** Resolves to { ok, state, language }. Can be called again after it failed. */
  async start() {
    const asked = new URLSearchParams(location.search);
    const names = ["endpoint", "fetch", "actor", "registration", "activityId"];
    LINK.found = names.every((name) => asked.get(name));
    if (!LINK.found || LINK.over) return { ok: false };
    LINK._asked = Object.fromEntries(names.map((name) => [name, asked.get(name)]));
    LINK.who = LINK._asked.registration;
    try {
      LINK._actor = JSON.parse(LINK._asked.actor);
      if (LINK._session("over")) {
        LINK.over = true;
        return { ok: false };
      }
      await LINK._authorize();
      LINK._launch = await (await LINK._state("LMS.LaunchData")).json();
      const preferences = await LINK._profile();
      const kept = await LINK._state("harborlight", { optional: true });
      LINK.review = (LINK._launch.launchMode || "Normal") !== "Normal";
      if (typeof LINK._launch.masteryScore === "number") COURSE.pass_at = LINK._launch.masteryScore;
      if (!LINK._session("initialized")) {
        // The same id if the answer is lost: an LRS takes it once.
        await LINK._put(LINK._statement("initialized", LINK._once("id"), { defined: true }));
        LINK._session("initialized", "yes");
      }
      LINK.again = !LINK._session("result");
      LINK.open = true;
      return {
        ok: true,
        state: kept ? await kept.text() : "",
        language: (preferences.languagePreference || "").split(",")[0],
      };
    } catch {
      return { ok: false };
    }
  },

  /** Hand on what is in the box, and the state. Resolves to whether the LMS has kept it. */
  async send(box, state) {
    if (!LINK.open) return false;
    if (LINK.review) return true;
    try {
      while (box.answers.length) {
        await LINK._put(LINK._answered(box.answers[0]));
        box.answers.shift();
      }
      if (box.result) await LINK._result(box.result, state);
      await LINK._call("activities/state", { stateId: "harborlight", ...LINK._whose() }, {
        method: "PUT",
        body: state.encode(),
        headers: { "Content-Type": "text/plain" },
      });
      return true;
    } catch {
      return false;
    }
  },

  /** End the session with its last statement. `done` says nothing to cmi5. */
  async end() {
    if (!LINK.open) return false;
    try {
      await LINK._put(LINK._statement("terminated", LINK._once("last"), {
        defined: true,
        result: { duration: duration(LINK.began) },
      }));
    } catch {
      return false;
    }
    LINK._session("over", "yes");
    LINK.open = false;
    LINK.over = true;
    if (LINK._launch.returnURL) location.assign(LINK._launch.returnURL);
    return true;
  },

  /** Completed once a registration, then passed or failed once a session, failed never after. */
  async _result(result, state) {
    if (!state.has("c")) {
      await LINK._put(LINK._statement("completed", result.completedId, {
        defined: true,
        moveOn: true,
        result: { completion: true, duration: duration(LINK.began) },
      }));
      state.mark("c");
    }
    if (state.has("p") || LINK._session("result")) return;
    await LINK._put(LINK._statement(result.passed ? "passed" : "failed", result.id, {
      defined: true,
      moveOn: true,
      mastery: true,
      result: {
        success: result.passed,
        score: { scaled: result.scaled, raw: result.percent, min: 0, max: 100 },
        duration: duration(LINK.began),
      },
    }));
    if (result.passed) state.mark("p");
    LINK._session("result", "yes");
    LINK.again = false;
  },

  _answered(answer) {
    const options = answer.scene
      ? [["report", 1], ["none", 0]].map(([id, choice]) => ({ id, choice }))
      : answer.options.map((text, choice) => ({ id: `option-${choice + 1}`, choice, text }));
    const told = (choice) => options.find((each) => each.choice === choice).id;
    const statement = LINK._statement("answered", answer.id, {
      result: {
        response: told(answer.choice),
        success: answer.choice === answer.expected,
        duration: `PT${answer.seconds.toFixed(2)}S`,
      },
    });
    if (answer.scene) {
      statement.result.extensions = { "urn:x-harborlight:confidence": answer.sure };
    }
    statement.timestamp = answer.when;
    const { language } = answer;
    statement.object = {
      objectType: "Activity",
      id: `${LINK._asked.activityId}/${answer.code}/${answer.attempt}`,
      definition: {
        type: "http://adlnet.gov/expapi/activities/cmi.interaction",
        description: { [language]: answer.text },
        interactionType: "choice",
        correctResponsesPattern: [told(answer.expected)],
        choices: options.map((each) => ({
          id: each.id,
          description: { [language]: each.text || WORDS[language][each.id] },
        })),
      },
    };
    return statement;
  },

  /** A statement about this unit. `defined` are the six of cmi5, which carry its category. */
  _statement(verb, id, { defined = false, moveOn = false, mastery = false, result } = {}) {
    const context = structuredClone(LINK._launch.contextTemplate || {});
    context.registration = LINK._asked.registration;
    const categories = [...(defined ? [CMI5] : []), ...(moveOn ? [MOVE_ON] : [])];
    if (categories.length) {
      context.contextActivities = context.contextActivities || {};
      context.contextActivities.category = [
        ...(context.contextActivities.category || []),
        ...categories.map((category) => ({ id: category })),
      ];
    }
    if (mastery && typeof LINK._launch.masteryScore === "number") {
      context.extensions = { ...context.extensions, [MASTERY]: LINK._launch.masteryScore };
    }
    return {
      id,
      actor: LINK._actor,
      verb: { id: VERB[verb], display: { en: verb } },
      object: { objectType: "Activity", id: LINK._asked.activityId },
      context,
      timestamp: new Date().toISOString(),
      ...(result ? { result } : {}),
    };
  },

  /** The token of this start, which can be fetched once: kept while the window is open. */
  async _authorize() {
    LINK._token = LINK._session("token");
    if (LINK._token) return;
    const told = await (await fetch(LINK._asked.fetch, { method: "POST" })).json();
    if (!told["auth-token"]) throw new Error(told["error-text"] || "no token");
    LINK._token = told["auth-token"];
    LINK._session("token", LINK._token);
  },

  _whose() {
    return {
      activityId: LINK._asked.activityId,
      agent: JSON.stringify(LINK._actor),
      registration: LINK._asked.registration,
    };
  },

  async _state(stateId, { optional = false } = {}) {
    return LINK._call("activities/state", { stateId, ...LINK._whose() }, { optional });
  },

  async _profile() {
    const told = await LINK._call("agents/profile", {
      profileId: "cmi5LearnerPreferences",
      agent: JSON.stringify(LINK._actor),
    }, { optional: true });
    return told ? told.json() : {};
  },

  /** Store a statement. That it is there already (409) is as good. */
  async _put(statement) {
    await LINK._call("statements", { statementId: statement.id }, {
      method: "PUT",
      body: JSON.stringify(statement),
      headers: { "Content-Type": "application/json" },
      there: 409,
    });
  },

  async _call(path, query, { optional = false, there = 0, ...options } = {}) {
    const base = LINK._asked.endpoint.replace(/\/?$/, "/");
    const told = await fetch(`${base}${path}?${new URLSearchParams(query)}`, {
      ...options,
      headers: {
        ...options.headers,
        Authorization: `Basic ${LINK._token}`,
        "X-Experience-API-Version": "1.0.3",
      },
    });
    if (optional && told.status === 404) return null;
    if (!told.ok && told.status !== there) throw new Error(`${path}: ${told.status}`);
    return told;
  },

  /** What this window remembers of this start, through a reload. */
  _session(name, value) {
    const key = `harborlight:${LINK._asked.fetch}:${name}`;
    try {
      if (value !== undefined) sessionStorage.setItem(key, value);
      return sessionStorage.getItem(key) || "";
    } catch {
      LINK._memory = LINK._memory || {};
      if (value !== undefined) LINK._memory[key] = value;
      return LINK._memory[key] || "";
    }
  },

  _once(name) {
    return LINK._session(name) || LINK._session(name, uuid());
  },
};

function duration(began) {
  return `PT${((Date.now() - began) / 1000).toFixed(2)}S`;
}
