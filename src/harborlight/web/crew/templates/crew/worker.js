{% load static %}"use strict";
// Keeps the page, its styles and scripts, so that it opens in airplane mode. It keeps no report.
const FILES = [{% for file in files %}"{{ file|escapejs }}",{% endfor %}];
const PAGE = "{{ page|escapejs }}";
const NAME = "harborlight-crew-" + FILES.join("|").split("").reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7);
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([PAGE, ...FILES])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("harborlight-crew-") && name !== NAME).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === PAGE) {
    // The newest page when there is a connection, else the kept one.
    event.respondWith(fetch(event.request).then(async (answer) => {
      if (!answer.ok) return (await caches.match(PAGE)) || answer;
      const cache = await caches.open(NAME);
      await cache.put(PAGE, answer.clone());
      return answer;
    }).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
