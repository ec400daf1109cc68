"use strict";
// The page on the phone: the form, its draft, and what waits.
(() => {
  const H = globalThis.Harborlight;
  const $ = (id) => document.getElementById(id);
  const page = $("crew");
  const words = JSON.parse($("crew-words").textContent);
  const form = $("crew-form");
  let user = null;
  let number = crypto.randomUUID();

  async function start() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope }).catch(() => {});
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    const users = await H.all("users").catch(() => []);
    user = users.sort((a, b) => b.at - a.at)[0] || null;
    $("crew-nobody").hidden = Boolean(user);
    form.hidden = !user;
    if (user) { await H.settingsOf(user.user); fill(); await restore(); }
    H.listen(show);
    await show();
    send("open");
    document.body.dataset.ready = "yes";
  }

  function fill() {
    $("crew-who").textContent = `${user.name}, ${user.airline}`;
    list($("crew-reasons"), "reasons", user.reasons);
    list($("crew-tell"), "tell", user.agencies);
  }

  function list(place, name, rows) {
    place.replaceChildren();
    for (const [value, label] of rows) {
      const row = document.createElement("div");
      row.className = "usa-checkbox";
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", className: "usa-checkbox__input", name, value, id: `crew-${name}-${value}` });
      const words = document.createElement("label");
      Object.assign(words, { className: "usa-checkbox__label", htmlFor: box.id, textContent: label });
      row.append(box, words);
      place.append(row);
    }
  }

  const TEXTS = ["flight", "seats", "origin", "destination", "connection", "gate", "arrival", "tail", "heard", "heard_at",
    "description", "inferred", "contact", "when"];

  function read() {
    const data = new FormData(form);
    const value = (name) => String(data.get(name) || "").trim();
    const told = { schema: 2, danger: data.get("danger") === "yes", first_seen_by: value("first_seen_by") || "staff",
      day: value("day"), airline: user.airline, reasons: data.getAll("reasons"), tell: data.getAll("tell"),
      observed: value("observed") ? [{ at: value("observed_at"), what: value("observed") }] : [],
      told: data.getAll("told").map((who) => ({ who, how: "person", at: "" })) };
    for (const name of TEXTS) told[name] = value(name);
    return told;
  }

  // As on the server: a text that only says how somebody looks is no reason.
  function onlyDescribes(text) {
    const found = (text.toLowerCase().match(/[\p{L}]+/gu) || []).filter((word) => !user.small.includes(word));
    return found.length > 0 && found.every((word) => user.traits.includes(word));
  }
  function hasReason(told) {
    const seen = [told.heard, ...told.observed.map((row) => row.what)];
    return told.reasons.some((code) => code !== "other") || seen.some((text) => text && !onlyDescribes(text));
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = read();
    if (!hasReason(told)) { say(words.reason, true); $("crew-observed").focus(); return; }
    const button = $("crew-keep");
    button.disabled = true;
    clearTimeout(saving);
    try {
      const kept = await H.add(user.user, number, JSON.stringify(told));
      say(kept ? words.saved : words.full, !kept);
      if (kept) {
        await show().catch(() => {}); // an empty form never stands above a count without its report
        form.reset();
        number = crypto.randomUUID();
        await H.drop("drafts", user.user).catch(() => {});
      }
    } finally {
      button.disabled = false;
    }
    send("saved");
  });

  let saving = null;
  form.addEventListener("input", () => {
    clearTimeout(saving);
    saving = setTimeout(async () => {
      const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      const of = number;
      const draft = await H.sealDraft(user.draftKey, { number: of, fields });
      if (of === number) await H.put("drafts", { user: user.user, draft }).catch(() => {});
    }, 400);
  });
  async function restore() {
    const kept = await H.get("drafts", user.user).catch(() => null);
    if (!kept) return;
    try {
      const draft = await H.openDraft(user.draftKey, kept.draft);
      number = draft.number;
      for (const [name, value] of draft.fields) {
        for (const field of form.querySelectorAll(`[name="${name}"]`)) {
          if (field.type === "checkbox" || field.type === "radio") { if (field.value === value) field.checked = true; }
          else field.value = value;
        }
      }
      // The phone may have died between keeping a report and dropping its draft. One number is one report: what is
      // kept already is no draft any more, and what was changed since is another report.
      if (await H.known(number)) {
        const kept = await H.known(number, await H.digest(JSON.stringify(read())));
        number = crypto.randomUUID();
        if (kept) { form.reset(); await H.drop("drafts", user.user); }
      }
    } catch { await H.drop("drafts", user.user).catch(() => {}); }
  }

  function say(text, bad) {
    const place = $("crew-said");
    place.textContent = text;
    place.className = bad ? "usa-alert__text hl-late" : "usa-alert__text";
    $("crew-alert").hidden = false;
  }

  async function show() {
    const items = await H.items();
    const count = items.length;
    $("crew-count").textContent = count === 0 ? words.none : count === 1 ? words.one : words.many.replace("{count}", count);
    $("crew-send").disabled = count === 0;
    $("crew-file").disabled = count === 0;
    const place = $("crew-list");
    place.replaceChildren();
    for (const item of items) {
      const row = document.createElement("li");
      row.textContent = `${item.id.slice(0, 8)}: ${words[item.state] || item.state}`;
      place.append(row);
    }
  }

  const send = (by) => H.flush(page.dataset.handIn, by).then(show, show);
  $("crew-send").addEventListener("click", () => send("hand"));
  $("crew-file").addEventListener("click", async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await H.asFile());
    link.download = "harborlight-reports.ndjson";
    link.click();
  });
  globalThis.addEventListener("online", () => send("online"));
  globalThis.addEventListener("focus", () => send("focus"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send("visible"); });
  setInterval(() => send("timer"), 15000);
  Harborlight.send = send;
  start();
})();
