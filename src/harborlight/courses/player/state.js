"use strict";
// What is known of one taking, its score, and how it is written in a few characters.

const SURE = [50, 60, 70, 80, 90, 100];

/** Scenarios and questions in the order in which they are asked. */
const ITEMS = [
  ...COURSE.scenarios.map((each) => ({ ...each, scene: true })),
  ...COURSE.questions.map((each) => ({ ...each, scene: false })),
];

class State {
  constructor() {
    this.language = COURSE.languages[0];
    this.at = 0; // step
    this.attempt = 1;
    this.count = 0; // answers ever given, over all attempts: the next one's number
    this.flags = ""; // r: this attempt's result is handed on; p: passed once; c: completed once
    this.answers = ITEMS.map(() => null); // { choice, sure } ; choice of a scene: 1 report, 0 none
  }

  has(flag) {
    return this.flags.includes(flag);
  }

  mark(flag) {
    if (!this.has(flag)) this.flags += flag;
  }

  /** Begin the practice again; what was read stays read. */
  again() {
    this.answers = ITEMS.map(() => null);
    this.attempt += 1;
    this.flags = this.flags.replace("r", "");
  }

  /** One character for each scene and question, beside a short head. */
  encode() {
    const told = this.answers.map((answer, place) => {
      if (!answer) return "-";
      const code = ITEMS[place].scene
        ? answer.choice * SURE.length + SURE.indexOf(answer.sure)
        : answer.choice;
      return code.toString(36);
    });
    return [1, COURSE.version.slice(0, 12), this.language, this.at, this.attempt, this.count,
      this.flags, told.join("")].join("~");
  }

  /**
   * The state of a text that `encode` made, or null for any other text. Of another version of the
   * course only the numbers are kept, and `changed` is set.
   */
  static decode(text) {
    const parts = String(text || "").split("~");
    if (parts.length !== 8 || parts[0] !== "1") return null;
    const [, version, language, at, attempt, count, flags, told] = parts;
    const state = new State();
    if (COURSE.languages.includes(language)) state.language = language;
    state.attempt = Number(attempt) || 1;
    state.count = Number(count) || 0;
    if (version !== COURSE.version.slice(0, 12) || told.length !== ITEMS.length) {
      state.changed = true;
      state.flags = flags.replace("r", "");
      return state;
    }
    state.at = Number(at) || 0;
    state.flags = flags;
    state.answers = [...told].map((character, place) => {
      if (character === "-") return null;
      const code = parseInt(character, 36);
      if (!ITEMS[place].scene) return { choice: code };
      return { choice: Math.floor(code / SURE.length), sure: SURE[code % SURE.length] };
    });
    return state;
  }

  right(place) {
    const item = ITEMS[place];
    const choice = this.answers[place].choice;
    return item.scene ? (choice === 1) === item.concern : choice === item.right;
  }

  get open() {
    return this.answers.filter((each) => !each).length;
  }

  /** Counts, and the mean of the three shares: as harborlight.courses.scoring has it. */
  result() {
    const kinds = { concern: [0, 0], innocent: [0, 0], question: [0, 0] };
    let sure = 0;
    let scenesRight = 0;
    ITEMS.forEach((item, place) => {
      const kind = !item.scene ? "question" : item.concern ? "concern" : "innocent";
      const right = this.right(place);
      kinds[kind][0] += right ? 1 : 0;
      kinds[kind][1] += 1;
      if (item.scene) {
        sure += this.answers[place].sure;
        scenesRight += right ? 1 : 0;
      }
    });
    const shares = Object.values(kinds).filter((each) => each[1]).map((each) => each[0] / each[1]);
    const share = shares.reduce((sum, each) => sum + each, 0) / shares.length;
    const scaled = Math.floor(share * 10000 + 1e-6) / 10000;
    return {
      ...kinds,
      scaled,
      percent: Math.round(scaled * 10000) / 100,
      passed: share + 1e-9 >= COURSE.pass_at,
      sure: COURSE.scenarios.length ? sure / COURSE.scenarios.length : 0,
      right: COURSE.scenarios.length ? (100 * scenesRight) / COURSE.scenarios.length : 0,
    };
  }
}

/** What could not be handed on yet, on this device. Never more than the answers themselves. */
const KEPT = {
  name: (who) => `harborlight:${COURSE.code}:${who}`,
  load(who) {
    try {
      return JSON.parse(localStorage.getItem(KEPT.name(who)));
    } catch {
      return null;
    }
  },
  /** Whether it could be kept. */
  save(who, record) {
    try {
      localStorage.setItem(KEPT.name(who), JSON.stringify(record));
      return true;
    } catch {
      return false;
    }
  },
  drop(who) {
    try {
      localStorage.removeItem(KEPT.name(who));
    } catch {
      // nothing was kept
    }
  },
};
