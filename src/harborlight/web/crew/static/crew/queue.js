"use strict";
// The queue on the phone. It never expires: a report leaves it when the site has signed that it stored exactly
// these bytes, and not before. Retried on opening, on focus, on coming online, by a timer, and by hand.
(() => {
  const H = globalThis.Harborlight;
  const NAME = "harborlight-crew";
  let database = null;
  const memory = new Map(); // what the phone had no room for, until it has
  const users = new Map(); // as the phone keeps them, for when its storage fails
  const listeners = [];

  function open() {
    if (database) return database;
    database = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("queue", { keyPath: "key" });
        asked.result.createObjectStore("users", { keyPath: "user" });
        asked.result.createObjectStore("drafts", { keyPath: "user" });
        asked.result.createObjectStore("sent", { keyPath: "key" });
      };
      asked.onsuccess = () => {
        asked.result.onclose = () => { database = null; };
        resolve(asked.result);
      };
      asked.onerror = () => { database = null; reject(asked.error); };
    });
    return database;
  }

  async function within(store, mode, work) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(store, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked && asked.result);
      transaction.onabort = () => reject(transaction.error || new Error("aborted"));
      transaction.onerror = () => reject(transaction.error);
    });
  }
  const put = (store, value) => within(store, "readwrite", (s) => s.put(value));
  const get = (store, key) => within(store, "readonly", (s) => s.get(key));
  const all = (store) => within(store, "readonly", (s) => s.getAll());
  const drop = (store, key) => within(store, "readwrite", (s) => s.delete(key));

  async function settingsOf(user) {
    try { users.set(user, await get("users", user)); } catch { /* what is known already */ }
    return users.get(user);
  }

  // Keep a report. Resolves to true when it is on the phone's storage, false when only in memory.
  async function add(user, id, plain) {
    const settings = await settingsOf(user);
    const item = {
      key: `${id}:${await H.digest(plain)}`, id, user, sha256: await H.digest(plain),
      envelope: await H.seal(id, plain, settings.receive), state: "queued", tries: 0, added: Date.now(),
    };
    try {
      await put("queue", item);
      told();
      return true;
    } catch (error) {
      memory.set(item.key, item);
      told();
      return false;
    }
  }

  async function items() {
    const kept = await all("queue").catch(() => []);
    return [...kept, ...memory.values()].sort((a, b) => a.added - b.added);
  }

  // Whether a report with this number (and with this content) waits or was stored by the site.
  async function known(id, digest = "") {
    const kept = [...await all("queue"), ...await all("sent"), ...memory.values()];
    return kept.some((item) => item.key.startsWith(`${id}:${digest}`));
  }

  async function change(item, state) {
    item.state = state;
    item.tries += state === "queued" ? 1 : 0;
    if (memory.has(item.key)) { told(); return; }
    await put("queue", item).catch(() => {});
    told();
  }

  // What the phone had no room for is kept as soon as there is room again.
  async function settleMemory() {
    for (const [key, item] of memory) {
      try { await put("queue", item); memory.delete(key); } catch { return; }
    }
  }

  async function send(item, address) {
    const settings = await settingsOf(item.user);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 30000);
    try {
      const answer = await fetch(address, {
        method: "POST", body: item.envelope, signal: stop.signal, credentials: "omit", cache: "no-store",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${settings.token}` },
      });
      if (!answer.ok) return "queued";
      return await judge(item, await answer.json(), settings);
    } catch {
      return "queued";
    } finally {
      clearTimeout(timer);
    }
  }

  async function judge(item, receipt, settings) {
    if (!(await H.signed(receipt, settings.receipt))) return "refused";
    const told = JSON.parse(receipt.text);
    if (told.id === item.id && told.sha256 === item.sha256 && told.readable === true) return "stored";
    const sealed = await H.digest(item.envelope);
    if (told.readable === false && (told.sha256 === sealed || told.sha256 === item.sha256)) return "unreadable";
    return "refused";
  }

  async function settle(item) {
    const base = await open();
    await new Promise((resolve, reject) => {
      const transaction = base.transaction(["queue", "sent"], "readwrite", { durability: "strict" });
      transaction.objectStore("queue").delete(item.key);
      transaction.objectStore("sent").put({ key: item.key, id: item.id, at: Date.now() });
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    });
    memory.delete(item.key);
  }

  // Send what waits, one after the other; one page at a time does it. `by` is "hand" to try everything again.
  async function flush(address, by) {
    const work = async () => {
      await settleMemory();
      for (const item of await items()) {
        if (item.state === "unreadable" && by !== "hand") continue;
        const state = await send(item, address);
        if (state === "stored") {
          // Both or neither: where there is no room to note it, it stays, and is sent again (stored once).
          await settle(item).catch(() => {});
          told();
        } else {
          await change(item, state);
        }
      }
    };
    if (!navigator.locks) return work();
    return navigator.locks.request("harborlight-crew-send", { ifAvailable: true }, (lock) => (lock ? work() : null));
  }

  const told = () => { for (const each of listeners) each(); };
  const listen = (each) => listeners.push(each);

  // The last resort: everything that waits, sealed, one report a line.
  async function asFile() {
    const lines = (await items()).map((item) => item.envelope);
    return new Blob([lines.join("\n") + "\n"], { type: "application/x-ndjson" });
  }

  Object.assign(H, { add, items, known, settingsOf, flush, listen, asFile, put, get, all, drop, judge });
})();
