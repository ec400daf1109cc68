"use strict";
// Shows a course step by step, and hands on what is done through LINK (scorm.js or cmi5.js).

const main = document.getElementById("main");
const notice = document.getElementById("notice");
const LAST = COURSE.lessons.length + ITEMS.length + 1; // step 0 welcomes, the last shows the result

let state = new State();
let box = { answers: [], result: null }; // what the LMS has not confirmed
let shown = Date.now();
let chain = Promise.resolve();
let unsent = false;
let ended = false;

const words = () => WORDS[state.language];

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** An element with attributes and children; text is never read as HTML. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((each) => each !== null));
  return element;
}

const button = (text, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, text);

// ---- keeping and handing on ------------------------------------------------------------------

/** Keep what is in the box on this device until the LMS has confirmed it. */
function save() {
  if (LINK.review) return chain;
  const kept = KEPT.save(LINK.who, { state: state.encode(), box, day: new Date().toISOString() });
  chain = chain.then(async () => {
    const sending = { answers: [...box.answers], result: box.result };
    const numbers = sending.answers.map((each) => each.id);
    const ok = (LINK.open || (await begin())) && (await LINK.send(sending, state));
    if (ok) {
      box.answers = box.answers.filter((each) => !numbers.includes(each.id));
      if (box.result === sending.result) box.result = null;
      if (box.answers.length || box.result) save();
      else KEPT.drop(LINK.who);
    }
    unsent = !ok;
    tell(kept || ok);
  });
  return chain;
}

/** Start with an LMS that did not answer before. What was done since goes on top of its count. */
async function begin() {
  const before = LINK.who;
  const told = await LINK.start();
  if (!told.ok) return false;
  if (before !== LINK.who) KEPT.drop(before);
  rebase(told.state);
  KEPT.save(LINK.who, { state: state.encode(), box, day: new Date().toISOString() });
  return true;
}

/** Number the answers in the box after those that the LMS has. */
function rebase(text) {
  const theirs = State.decode(text);
  if (!theirs || theirs.count <= state.count - box.answers.length) return;
  box.answers.forEach((each, place) => {
    each.number = theirs.count + place;
  });
  state.count = theirs.count + box.answers.length;
  state.attempt = Math.max(state.attempt, theirs.attempt);
  [...theirs.flags].filter((flag) => flag !== "r").forEach((flag) => state.mark(flag));
}

function tell(kept = true) {
  notice.replaceChildren();
  if (LINK.review) notice.append(words().review);
  if (!unsent || ended) return;
  const text = !kept ? words().lost : LINK.found ? words().unsent : words().noLms;
  notice.append(text, " ", button(words().sendNow, () => save()));
}

// ---- pages -----------------------------------------------------------------------------------

function page(heading, ...children) {
  const title = el("h1", { tabindex: "-1" }, heading);
  main.replaceChildren(title, ...children.filter((each) => each !== null));
  title.focus();
  window.scrollTo(0, 0);
}

function frame() {
  document.documentElement.lang = state.language;
  document.title = COURSE.title[state.language];
  document.getElementById("course").textContent = COURSE.title[state.language];
  document.getElementById("languages").replaceChildren(
    ...COURSE.languages.map((language) => button(WORDS[language].name, () => {
      state.language = language;
      show();
    }, { lang: language, "aria-pressed": String(language === state.language) })),
  );
  document.getElementById("leave").replaceChildren(
    ...(ended ? [] : [button(words().leave, () => leave())]),
  );
  tell();
}

function go(step) {
  state.at = Math.max(0, Math.min(LAST, step));
  show();
  save();
}

function show() {
  frame();
  shown = Date.now();
  if (ended) page(words().closed);
  else if (state.at === 0) welcome();
  else if (state.at <= COURSE.lessons.length) lesson(COURSE.lessons[state.at - 1]);
  else if (state.at < LAST) item(state.at - COURSE.lessons.length - 1);
  else result();
}

function steps(next = true) {
  return el("div", { class: "steps" },
    button(words().back, () => go(state.at - 1)),
    next ? button(words().next, () => go(state.at + 1), { class: "main", id: "next" }) : null);
}

function progress() {
  return el("p", {}, words().step(state.at, LAST),
    el("progress", { max: LAST, value: state.at, "aria-label": words().step(state.at, LAST) }));
}

function welcome() {
  page(COURSE.title[state.language],
    state.changed ? el("p", { class: "told" }, words().changed) : null,
    el("p", {}, words().minutes(COURSE.minutes)),
    el("p", {}, words().welcome),
    el("p", {}, words().scoring(Math.round(COURSE.pass_at * 100))),
    el("div", { class: "steps" }, button(words().start, () => go(1), { class: "main" })));
}

function lesson(it) {
  const text = el("div");
  text.innerHTML = it.html[state.language]; // made from the course's own Markdown, without raw HTML
  page(it.title[state.language], progress(), text, steps());
}

function item(place) {
  const it = ITEMS[place];
  const scenes = COURSE.scenarios.length;
  const heading = it.scene ? words().scene(place + 1, scenes)
    : words().question(place - scenes + 1, COURSE.questions.length);
  const answer = state.answers[place];
  const options = it.scene
    ? [[1, words().report], [0, words().none]]
    : it.options.map((each, number) => [number, each[state.language]]);
  const radio = (name, value, text, checked) => el("label", {},
    el("input", { type: "radio", name, value, checked, disabled: Boolean(answer) }), el("span", {}, text));
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    take(place, form);
  } },
    el("fieldset", {}, el("legend", {}, it.scene ? words().decide : words().choose),
      ...options.map(([value, text]) => radio("choice", value, text, answer?.choice === value))),
    it.scene ? el("fieldset", {}, el("legend", {}, words().sure), el("div", { class: "sure" },
      ...SURE.map((value) => radio("sure", value, certainty(value), answer?.sure === value)))) : null,
    el("p", { class: "error", role: "alert" }),
    answer ? null : el("button", { type: "submit", class: "main" }, words().answer));
  page(heading, progress(),
    el("p", it.scene ? { class: "scene" } : {}, it.text[state.language]), form,
    answer ? feedback(place) : null, steps(Boolean(answer)));
}

function certainty(value) {
  if (value === 50) return `50 % (${words().guess})`;
  return value === 100 ? `100 % (${words().certain})` : `${value} %`;
}

function feedback(place) {
  const it = ITEMS[place];
  const right = state.right(place);
  const answer = it.scene ? words().trained(it.concern)
    : right ? "" : words().answerIs(it.options[it.right][state.language]);
  return el("div", { class: right ? "told right" : "told wrong" },
    el("h2", { tabindex: "-1" }, right ? words().right : words().wrong),
    answer ? el("p", {}, answer) : null,
    el("p", {}, it.why[state.language]));
}

/** Take the answer in, keep it, and say at once whether it is right. */
function take(place, form) {
  const it = ITEMS[place];
  const told = new FormData(form);
  if (told.get("choice") === null || (it.scene && told.get("sure") === null)) {
    form.querySelector(".error").textContent = it.scene ? words().both : words().one;
    const missing = form.querySelector(told.get("choice") === null ? "[name=choice]" : "[name=sure]");
    missing.focus();
    return;
  }
  const choice = Number(told.get("choice"));
  const sure = it.scene ? Number(told.get("sure")) : undefined;
  const now = new Date();
  state.answers[place] = { choice, sure };
  box.answers.push({
    id: uuid(),
    number: state.count,
    code: it.code,
    attempt: state.attempt,
    scene: it.scene,
    choice,
    expected: it.scene ? Number(it.concern) : it.right,
    sure,
    seconds: (now - shown) / 1000,
    when: now.toISOString(),
    time: now.toTimeString().slice(0, 8),
    language: state.language,
    text: it.text[state.language],
    options: it.scene ? [] : it.options.map((each) => each[state.language]),
  });
  state.count += 1;
  show();
  main.querySelector(".told h2").focus();
  save();
}

function result() {
  if (state.open) {
    const first = state.answers.indexOf(null);
    page(words().result, progress(), el("p", {}, words().open(state.open)),
      el("div", { class: "steps" },
        button(words().first, () => go(COURSE.lessons.length + 1 + first), { class: "main" })));
    return;
  }
  const it = state.result();
  if (!state.has("r")) {
    box.result = { ...it, id: uuid(), completedId: uuid(), attempt: state.attempt };
    state.mark("r");
    save().then(() => state.at === LAST && !ended && result());
  }
  const share = ([count, all]) => `${count} / ${all}`;
  const rows = [
    [words().score, `${it.percent} %`],
    [words().hits, share(it.concern)],
    [words().alarms, share([it.innocent[1] - it.innocent[0], it.innocent[1]])],
    [words().correct, share(it.question)],
    [words().meanSure, `${Math.round(it.sure)} %`],
    [words().meanRight, `${Math.round(it.right)} %`],
  ];
  page(words().result,
    el("p", { class: it.passed ? "told right" : "told wrong" },
      it.passed ? words().passed : words().failed),
    el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    it.sure > it.right + 5 ? el("p", {}, words().over) : null,
    !it.passed && !LINK.again ? el("p", {}, words().later) : null,
    el("div", { class: "steps" },
      button(words().back, () => go(state.at - 1)),
      !it.passed && LINK.again ? button(words().again, () => {
        state.again();
        go(COURSE.lessons.length + 1);
      }) : null,
      button(words().finish, () => leave(it.passed), { class: "main", id: "finish" })),
    sources());
}

function sources() {
  return el("details", {}, el("summary", {}, words().sources), el("ul", {}, ...COURSE.sources.map((it) =>
    el("li", {}, `${it.title}. ${it.publisher}, ${it.date}. ${it.url}`,
      it.verified ? "" : ` (${words().unread})`))));
}

/** Keep everything, end the session, and say that the window may be closed. */
async function leave(done = false) {
  if (ended) return;
  await save();
  const ok = await LINK.end(done && !box.result);
  ended = true;
  frame();
  const sent = LINK.review || (ok && !unsent);
  if (!sent) KEPT.save(LINK.who, { state: state.encode(), box, day: new Date().toISOString() });
  page(sent ? words().closed : words().closedUnsent);
}

// ---- start -----------------------------------------------------------------------------------

/** Take up what the LMS kept, and what this device kept because the LMS did not answer. */
function resume(text, record) {
  const theirs = State.decode(text);
  if (theirs) state = theirs;
  const ours = record && State.decode(record.state);
  if (!ours) return;
  // What the LMS counted has reached it, though its answer was lost.
  box = record.box;
  box.answers = box.answers.filter((each) => !theirs || each.number >= theirs.count);
  if (!theirs || ours.count >= theirs.count) {
    state = ours;
    if (theirs) [...theirs.flags].filter((flag) => flag !== "r").forEach((flag) => state.mark(flag));
  }
}

// Names under which a device keeps takings of which it is not known whose they are.
const STRAYS = ["unknown", ..."23456789"].map((each) => (each === "unknown" ? each : `unknown-${each}`));

/** Takings that were kept while the LMS did not say whose they are: ask of each, then go on. */
function ask(names, then) {
  const [name, ...more] = names;
  const record = name && KEPT.load(name);
  const theirs = record && State.decode(record.state);
  if (!name) {
    if (LINK.who.startsWith("unknown")) LINK.who = STRAYS.find((each) => !KEPT.load(each)) || STRAYS[0];
    then();
  } else if (!theirs) {
    ask(more, then);
  } else {
    frame();
    const day = new Date(record.day).toLocaleDateString(state.language);
    page(COURSE.title[state.language], el("p", {}, words().found(day)),
      el("div", { class: "steps" },
        button(words().mine, () => {
          const before = state;
          state = theirs;
          box = record.box;
          rebase(before.encode());
          KEPT.drop(name);
          then();
        }, { class: "main" }),
        button(words().notMine, () => ask(more, then))));
  }
}

async function start() {
  const told = await LINK.start();
  if (LINK.over) {
    ended = true;
    frame();
    page(words().over2);
    return;
  }
  const wanted = [told.language || "", ...navigator.languages].map((each) => each.slice(0, 2));
  state.language = wanted.find((each) => COURSE.languages.includes(each)) || COURSE.languages[0];
  if (told.ok) resume(told.state, KEPT.load(LINK.who));
  unsent = !told.ok;
  ask(LINK.review ? [] : STRAYS, () => {
    show();
    save();
  });
}

window.addEventListener("online", () => !ended && unsent && save());
start();
