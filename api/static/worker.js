// Answers without internet: the pages' own files and one page per language with telephone numbers. Conversations are never kept.
'use strict';
const { base, pages, assets, others, version } = self.KAART;
const OURS = `kaart:${base}:`;
const KEPT = OURS + version;

async function fill() {
  const cache = await caches.open(KEPT);
  // Without the cookie: what is kept belongs to nobody.
  await cache.addAll([...assets, ...Object.values(pages)].map((path) => new Request(path, { credentials: 'omit', cache: 'no-cache' })));
  await self.skipWaiting();
}

async function tidy() {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function file(request) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

async function remembered() {
  const found = await caches.match(base + '/language');
  return found ? found.text() : '';
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const url = new URL(request.url);
    const wanted = [url.searchParams.get('lang'), url.pathname.split('/').pop(), await remembered(), 'nl'];
    const found = await caches.match(pages[wanted.find((code) => code in pages)]);
    return found || Response.error();
  }
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(tidy()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const marked = url.searchParams.has('v') || url.pathname.includes('/fonts/');
  if (url.pathname.startsWith('/static/') && marked) event.respondWith(file(request));
  else if (request.mode === 'navigate' && !others.some((path) => url.pathname.startsWith(path))) event.respondWith(page(request));
});
