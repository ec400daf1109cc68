"use strict";
// Says on the page when the browser made no passkey: allauth tells it by an event.
document.addEventListener("allauth.error", () => {
  const told = document.getElementById("passkey-error");
  if (told) told.hidden = false;
});
