"use strict";
// The way to an LMS that speaks SCORM 1.2. Every call is answered at once or not at all.

const LINK = {
  who: "unknown", // whose answers these are on this device; no name
  again: true, // the practice can be taken again in the same session
  began: Date.now(),
  found: false,
  open: false,
  over: false,
  review: false,
  _told: new Set(),

  /** Resolves to { ok, state, language }. Can be called again after it failed. */
  async start() {
    const api = LINK._api();
    LINK.found = api !== null;
    if (!api || LINK.over) return { ok: false };
    if (!LINK.open && LINK._call("LMSInitialize", "") !== "true") return { ok: false };
    LINK.open = true;
    LINK.who = shortened(LINK._get("cmi.core.student_id"));
    LINK.review = ["review", "browse"].includes(LINK._get("cmi.core.lesson_mode"));
    const status = LINK._get("cmi.core.lesson_status");
    LINK._passed = status === "passed";
    if (!LINK.review) {
      LINK._set("cmi.core.exit", "suspend"); // early: a window that is closed is a break
      if (["not attempted", "", "browsed"].includes(status)) {
        LINK._set("cmi.core.lesson_status", "incomplete");
      }
    }
    return {
      ok: true,
      state: LINK._get("cmi.suspend_data"),
      language: LINK._get("cmi.student_preference.language"),
    };
  },

  /** Hand on what is in the box, and the state. Resolves to whether the LMS has kept it. */
  async send(box, state) {
    if (!LINK.open) return false;
    if (LINK.review) return true;
    for (const answer of box.answers) {
      if (!LINK._told.has(answer.id)) LINK._interactions(answer);
      LINK._told.add(answer.id);
    }
    let ok = LINK._set("cmi.suspend_data", state.encode());
    ok = LINK._set("cmi.core.lesson_location", String(state.at)) && ok;
    LINK._time();
    // Who has passed keeps the pass and its score, whatever a later taking gives.
    if (box.result && !(LINK._passed && !box.result.passed)) {
      ok = LINK._set("cmi.core.score.min", "0") && ok;
      ok = LINK._set("cmi.core.score.max", "100") && ok;
      ok = LINK._set("cmi.core.score.raw", String(box.result.percent)) && ok;
      ok = LINK._set("cmi.core.lesson_status", box.result.passed ? "passed" : "failed") && ok;
      LINK._passed = LINK._passed || (ok && box.result.passed);
    }
    return LINK._call("LMSCommit", "") === "true" && ok;
  },

  /** End the session. `done`: the course is passed, there is nothing to come back to. */
  async end(done) {
    if (!LINK.open) return false;
    if (!LINK.review) {
      LINK._time();
      LINK._set("cmi.core.exit", done ? "" : "suspend");
    }
    const ok = LINK._call("LMSFinish", "") === "true";
    if (ok) {
      LINK.open = false;
      LINK.over = true;
    }
    return ok;
  },

  /** The API object, in this window's parents or in the window that opened it, or theirs. */
  _api() {
    const above = (start) => {
      let place = start;
      for (let steps = 0; place && steps < 20; steps += 1) {
        try {
          if (place.API) return place.API;
        } catch {
          return null; // another origin
        }
        if (place.parent === place) return null;
        place = place.parent;
      }
      return null;
    };
    if (LINK._kept) return LINK._kept;
    let opener = null;
    try {
      opener = window.top.opener;
    } catch {
      opener = window.opener;
    }
    LINK._kept = above(window) || above(opener) || null;
    return LINK._kept;
  },

  _call(name, ...values) {
    try {
      return String(LINK._api()[name](...values));
    } catch {
      return "false";
    }
  },

  _get(name) {
    const told = LINK._call("LMSGetValue", name);
    return LINK._call("LMSGetLastError") === "0" ? told : "";
  },

  _set(name, value) {
    return LINK._call("LMSSetValue", name, value) === "true";
  },

  _time() {
    LINK._set("cmi.core.session_time", span((Date.now() - LINK.began) / 1000));
  },

  /** One answer: the choice, and for a scene how sure, each an interaction of its own. */
  _interactions(answer) {
    const id = answer.attempt > 1 ? `${answer.code}_${answer.attempt}` : answer.code;
    const letter = (choice) => "abcdefghijklmnopqrstuvwxyz0123456789"[choice];
    // A scene is answered a (report) or b (no reason), a question by the letter of its option.
    const said = answer.scene ? letter(1 - answer.choice) : letter(answer.choice);
    const expected = answer.scene ? letter(1 - answer.expected) : letter(answer.expected);
    LINK._interaction({
      id,
      time: answer.time,
      type: "choice",
      "correct_responses.0.pattern": expected,
      student_response: said,
      result: said === expected ? "correct" : "wrong",
      latency: span(answer.seconds),
    });
    if (answer.scene) {
      LINK._interaction({
        id: `${id}_sure`,
        time: answer.time,
        type: "numeric",
        student_response: String(answer.sure),
        result: "neutral",
        latency: span(answer.seconds),
      });
    }
  },

  _interaction(fields) {
    const place = LINK._get("cmi.interactions._count");
    if (place === "") return; // this LMS keeps no interactions: SCORM 1.2 lets it
    for (const [name, value] of Object.entries(fields)) {
      LINK._set(`cmi.interactions.${place}.${name}`, value);
    }
  },
};

/** Seconds as SCORM 1.2 writes a span of time. */
function span(seconds) {
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const hundredths = Math.min(99, Math.round((seconds % 1) * 100));
  return `${two(seconds / 3600).padStart(4, "0")}:${two((seconds / 60) % 60)}:${two(seconds % 60)}` +
    `.${String(hundredths).padStart(2, "0")}`;
}

/** A short sum (FNV-1a, twice 32 bits) of an id, so that the device shows no id. */
function shortened(text) {
  const sum = (start) => {
    let hash = start;
    for (const character of text) {
      hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
    }
    return hash.toString(16).padStart(8, "0");
  };
  return sum(0x811c9dc5) + sum(0x01234567);
}
