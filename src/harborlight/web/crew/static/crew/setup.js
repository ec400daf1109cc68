"use strict";
// Setting a phone up: asks the site once for what the page needs, and keeps it on the phone.
(() => {
  const H = globalThis.Harborlight;
  const form = document.getElementById("crew-set-up");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) { form.submit(); return; }
    const settings = await answer.json();
    const known = await H.get("users", settings.user);
    const draftKey = (known && known.draftKey) || (await H.draftKey());
    await H.put("users", { ...settings, draftKey, at: Date.now() });
    location.assign(form.dataset.next);
  });
})();
