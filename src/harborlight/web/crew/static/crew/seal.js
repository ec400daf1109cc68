"use strict";
// Sealing and checking: what leaves the page is sealed to the site's key, and what the site signed is checked.
var Harborlight = globalThis.Harborlight || {};
globalThis.Harborlight = Harborlight;
(() => {
  const text = new TextEncoder();
  const subtle = crypto.subtle;

  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const base64 = (buffer) => {
    let out = "";
    for (const byte of new Uint8Array(buffer)) out += String.fromCharCode(byte);
    return btoa(out);
  };
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  async function digest(string) {
    return hex(await subtle.digest("SHA-256", text.encode(string)));
  }

  // A report as JSON text, sealed so that the site alone can open it.
  async function seal(id, plain, receive) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const site = await subtle.importKey("raw", bytes(receive), curve, false, []);
    const own = await subtle.generateKey(curve, false, ["deriveBits"]);
    const shared = await subtle.deriveBits({ name: "ECDH", public: site }, own.privateKey, 256);
    const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const key = await subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode("harborlight crew 1") },
      material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const ct = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(id) }, key, text.encode(plain));
    const epk = await subtle.exportKey("raw", own.publicKey);
    return JSON.stringify({ v: 1, id, epk: base64(epk), iv: base64(iv), ct: base64(ct), sha256: await digest(plain) });
  }

  // Whether the site signed this receipt.
  async function signed(receipt, point) {
    if (!receipt || typeof receipt.text !== "string" || typeof receipt.signature !== "string") return false;
    const key = await subtle.importKey("raw", bytes(point), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    try {
      return await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(receipt.signature), text.encode(receipt.text));
    } catch { return false; }
  }

  // A draft is sealed under a key of this user on this phone, which no script can take out.
  const draftKey = () => subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  async function sealDraft(key, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, ct: await subtle.encrypt({ name: "AES-GCM", iv }, key, text.encode(JSON.stringify(value))) };
  }
  async function openDraft(key, draft) {
    const plain = await subtle.decrypt({ name: "AES-GCM", iv: draft.iv }, key, draft.ct);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  Object.assign(Harborlight, { digest, seal, signed, draftKey, sealDraft, openDraft });
})();
