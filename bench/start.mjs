// Measures how soon a page shows an election that answers: until S1, chosen by a key, is
// marked on the stage; from asking for the page, and from starting the browser. Several
// built pages are measured beside each other, in turns.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./devtools.mjs";
import { host } from "./host.mjs";

/** How often each page is visited under each circumstance; the median counts. */
const TURNS = 5;

/** The network that is emulated, and how many times slower the page's CPU is. */
const circumstances = [
  { name: "local" },
  { name: "10 Mbit/s, 40 ms", megabits: 10, latency: 40 },
  { name: "1.6 Mbit/s, 150 ms, CPU 4 times slower", megabits: 1.6, latency: 150, slower: 4 },
];

/** How long a first visit goes on once the page has answered. */
const STAY_MS = 5_000;

/**
 * V8 keeps what it has compiled once nothing has been compiled for two seconds, which
 * is not to be waited for here.
 */
const KEEP_AT_ONCE = "--js-flags=--wasm-caching-timeout-ms=0";

/** In the page: chooses S1 as soon as there is one, and says when it is chosen. */
function watch() {
  // At every frame, since a key that comes before the page listens has no effect.
  const ask = () => {
    if (document.querySelector("#stage .server[aria-pressed=true]")) {
      tell(performance.now());
      return;
    }
    if (document.querySelector("#stage .server[aria-pressed]")) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true, cancelable: true }));
    }
    requestAnimationFrame(ask);
  };
  requestAnimationFrame(ask);
  const tell = (answers) => {
    const painted = new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntriesByName("first-contentful-paint")) {
        const times = { opened: 0, painted: startTime, answers };
        Object.keys(times).forEach((name) => (times[name] += performance.timeOrigin));
        answered(JSON.stringify(times));
      }
    });
    painted.observe({ type: "paint", buffered: true });
  };
}

/** In the page: waits until its service worker keeps it. */
async function kept() {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state !== "activated") {
    await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
  }
}

/**
 * Opens a page in a new browser. Says, in milliseconds after the browser's start, when
 * it was opened, when it had painted something and when it answered; and what was
 * traced of WebAssembly, if that is asked for.
 */
async function visit(url, profile, { megabits, latency = 0, slower = 1 }, { stay = false, trace = false }) {
  const began = performance.timeOrigin + performance.now();
  const browser = start(profile, ...(trace ? [KEEP_AT_ONCE] : []));
  const bytes = megabits ? (megabits * 1e6) / 8 : -1;
  const network = { offline: false, latency, downloadThroughput: bytes, uploadThroughput: bytes };
  // The page and its service worker have that network from their first request on.
  const attached = new Promise((done) => {
    browser.on("Target.attachedToTarget", async ({ sessionId, targetInfo }) => {
      if (megabits) {
        await browser.send("Network.enable", {}, sessionId);
        await browser.send("Network.emulateNetworkConditions", network, sessionId);
      }
      if (targetInfo.type === "page") {
        done(sessionId);
      }
      await browser.send("Runtime.runIfWaitingForDebugger", {}, sessionId);
    });
  });
  const filter = ["page", "service_worker"].map((type) => ({ type }));
  await browser.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter });
  await browser.send("Target.createTarget", { url: "about:blank" });
  const page = await attached;
  const send = (method, params) => browser.send(method, params, page);
  const answered = browser.next("Runtime.bindingCalled");
  await send("Runtime.enable");
  await send("Runtime.addBinding", { name: "answered" });
  await send("Page.enable");
  await send("Page.addScriptToEvaluateOnNewDocument", { source: `(${watch})()` });
  if (slower > 1) {
    await send("Emulation.setCPUThrottlingRate", { rate: slower });
  }
  const events = trace ? await traced(browser) : [];
  const { errorText } = await send("Page.navigate", { url });
  assert(!errorText, errorText);
  const times = JSON.parse((await answered).payload);
  if (stay) {
    await send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await send("Runtime.evaluate", { expression: `(${kept})()`, awaitPromise: true });
    await new Promise((done) => setTimeout(done, STAY_MS));
  }
  if (trace) {
    const complete = browser.next("Tracing.tracingComplete");
    await browser.send("Tracing.end");
    await complete;
  }
  await browser.close();
  for (const name in times) {
    times[name] -= began;
  }
  return { ...times, events };
}

/** From now on collects what happens to WebAssembly. */
async function traced(browser) {
  const events = [];
  browser.on("Tracing.dataCollected", ({ value }) => events.push(...value.filter(({ name }) => name.includes("wasm"))));
  const includedCategories = ["disabled-by-default-devtools.timeline", "v8.wasm"];
  await browser.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories } });
  return events;
}

/** A first visit, and a second one by a browser that was closed in between. */
async function twice(url, circumstance, options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "hustings-bench-"));
  const first = await visit(url, profile, circumstance, { ...options, stay: true });
  const second = await visit(url, profile, circumstance, options);
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  return { first, second };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ms = (value) => `${value.toFixed(0)} ms`;

/**
 * Prints the tables for pages by name, each a folder. The first is what the others
 * are compared with.
 */
export async function measureStart(pages, table) {
  const hosts = [];
  for (const [name, dir] of pages) {
    hosts.push({ name, ...(await host(dir)) });
  }
  const seen = circumstances.map(() => hosts.map(() => []));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [where, circumstance] of circumstances.entries()) {
      for (const [which, { url }] of hosts.entries()) {
        seen[where][which].push(await twice(url, circumstance));
      }
    }
  }
  const names = hosts.map(({ name }) => name);
  const ratios = names.slice(1).map((name) => `${name} / ${names[0]}`);
  for (const [title, elapsed] of [
    ["from asking for the page until an election answers", ({ opened, answers }) => answers - opened],
    ["from asking for the page until something is painted", ({ opened, painted }) => painted - opened],
    ["from starting the browser until an election answers", ({ answers }) => answers],
    ["from starting the browser until the page is asked for", ({ opened }) => opened],
  ]) {
    const row = (where, which) => {
      const times = seen[where].map((visits) => median(visits.map((it) => elapsed(it[which]))));
      const others = times.slice(1).map((time) => (time / times[0]).toFixed(2));
      return [`${circumstances[where].name}: ${which} visit`, ...times.map(ms), ...others];
    };
    const rows = circumstances.flatMap((_, where) => ["first", "second"].map((which) => row(where, which)));
    table([title, ...names, ...ratios], rows);
  }
  const rows = [];
  for (const { name, url } of hosts) {
    const { first, second } = await twice(url, {}, { trace: true });
    const compiled = ({ events }) => String(events.filter(({ name }) => name === "wasm.CompileLazy").length);
    rows.push([name, compiled(first), kilobytes(first, "cachedModule"), kilobytes(second, "moduleCacheHit"), compiled(second)]);
  }
  table(["what V8 compiles", "functions, first visit", "kept", "found, second visit", "functions, second visit"], rows);
  hosts.forEach(({ server }) => server.close());
}

/** How much compiled code the last event of a name has to do with. */
function kilobytes({ events }, name) {
  const args = events.findLast((event) => event.name === `v8.wasm.${name}`)?.args;
  return args ? `${((args.producedCacheSize ?? args.consumedCacheSize) / 1e3).toFixed(0)} kB` : "none";
}
