/* Keeps the portal's own files and one page without data, never anything about a child. app/pwa/worker.py puts VERSION
   and SHELL (the addresses of this release's files) in front. */
const OFFLINE = "/offline";

/* No cookie goes along: what is kept is the same for everyone. Files with a hash in their name may come from the
   browser's own cache, where the page just put them. */
const page = new Request(OFFLINE, { cache: "reload", credentials: "omit" });

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll([page, ...SHELL])));
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)))),
    registration.navigationPreload?.enable(),
    clients.claim(),
  ]));
});

const kept = async (request) => {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(VERSION);
    await cache.put(request, answer.clone());
  }
  return answer;
};

const live = async (event) => {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(live(event));
});
