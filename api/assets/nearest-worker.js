"use strict";

// Keeps the page of the packs at hand where there is no network. What is sent by POST, such as where a child is, passes
// through and is kept nowhere.
const SHELL = "lakana-shell", PACKS = "lakana-packs", PAGE = "/nearest/offline";
const FILES = ["/assets/pages.css", "/assets/offline.js", "/assets/icon.svg"];
const lang = new URL(location).searchParams.get("lang") || "fr";
const page = () => `${PAGE}?lang=${lang}`;
const kept = async request => (await caches.open(SHELL)).match(request, { ignoreVary: true });

self.addEventListener("install", event => event.waitUntil((async () => {
  await (await caches.open(SHELL)).addAll([page(), ...FILES]);
  await self.skipWaiting();
})()));

self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (![SHELL, PACKS].includes(name)) await caches.delete(name);
  await self.clients.claim();
})()));

// The network first, so that nothing of before is shown while there is one.
async function fresh(request, otherwise) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(otherwise, answer.clone());
    return answer;
  } catch (error) {
    const known = await kept(otherwise);
    if (known) return known;
    throw error;
  }
}

async function reached(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const known = await kept(page());
    if (known) return known;
    throw error;
  }
}

self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (FILES.includes(url.pathname)) event.respondWith(fresh(request, url.pathname));
  else if (url.pathname + url.search === page()) event.respondWith(fresh(request, page()));
  else if (request.mode === "navigate") event.respondWith(reached(request));
});
