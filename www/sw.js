// Keeps the page's files, so that it opens without a network. The page itself
// is asked for every time, so that a new version shows at once; the files it
// names are taken from what was kept. All of a version is kept, or none of it.

const { scope } = registration;
const kept = () => caches.open(scope);

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch(scope).then(keep));
});

// The page is asked for while this starts. What it asks for from now on is kept.
addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([registration.navigationPreload?.enable(), clients.claim()]));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const address = url.replace(/(index\.html)?([?#].*)?$/, "");
  if (mode === "navigate" && address === scope) {
    event.respondWith(page(event));
  } else if (method === "GET" && url.startsWith(scope)) {
    event.respondWith(file(event));
  }
});

async function page(event) {
  const fresh = Promise.resolve(event.preloadResponse).then((it) => it ?? fetch(event.request));
  event.waitUntil(fresh.then((response) => keep(response.clone())).catch(() => {}));
  const old = await (await kept()).match(scope);
  if (!old) {
    return fresh;
  }
  // A network that hardly answers is as good as none.
  const late = new Promise((done) => setTimeout(done, 3000, old));
  return Promise.race([late, fresh.then((it) => (it.status < 500 ? it : old), () => old)]);
}

// First the browser's own copy: with it comes what was compiled of it.
async function file(event) {
  const { request } = event;
  const own = await fetch(request, { mode: "same-origin", cache: "only-if-cached" }).catch(() => {});
  const old = await (await kept()).match(request, { ignoreVary: true });
  const found = own?.ok ? own : (old ?? (await fetch(request)));
  if (!old && found.ok && isAsked(request.url)) {
    event.waitUntil(keepAsked(request, found.clone()));
  }
  return found;
}

// Not every visitor needs it, so the page does not name it: it is kept once the page has
// asked for it. Its query is its version.
const isAsked = (url) => url.includes("?");

async function keepAsked(request, response) {
  const cache = await kept();
  await cache.delete(request, { ignoreSearch: true });
  await cache.put(request, response);
}

async function keep(response) {
  const html = await response.text();
  const names = Array.from(html.matchAll(/(?:href|src)="?(\.\/[^"\s>]+)/g), (it) => it[1]);
  const files = [...new Set(names.map((name) => new URL(name, scope).href))];
  // Not our page, but what stands in its place: an error, a network's log-in.
  if (!files.some((url) => /_bg\.wasm$/.test(url))) {
    return;
  }
  const cache = await kept();
  const old = await cache.match(scope);
  if (old && (await old.text()) === html) {
    return;
  }
  // What a browser has just loaded, it need not load again: names carry hashes.
  await cache.addAll(files.map((url) => new Request(url, { cache: "force-cache" })));
  await cache.put(scope, new Response(html, response));
  for (const { url } of await cache.keys()) {
    if (url !== scope && !files.includes(url) && !isAsked(url)) {
      await cache.delete(url);
    }
  }
}
