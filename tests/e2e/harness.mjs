// Serves the built page and tests it in a headless browser.
//
//   import { journey } from "./harness.mjs";
//
//   journey("a visitor sees the heading", async ({ page }) => {
//     await page.getByRole("heading", { name: "Hustings" }).waitFor();
//   });
//
// Each journey gets its own page on which the app has started. It fails when the page
// logs an error, throws one, violates its Content-Security-Policy, or sends a request to
// another origin; a screenshot is then saved in target/e2e/.
//
// `cargo xtask test page` builds the page and runs all journeys. To run one
// file against a page that has been built:
//
//   eval "$(cargo xtask env)" && node --test tests/e2e/page.test.mjs
//
// With BROWSER=firefox or BROWSER=webkit only the journeys that run everywhere run, in that
// browser (`cargo xtask test browsers`).

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { asBuilt, base, launch, listen, root } from "./site.mjs";
import { Context } from "./stock.mjs";
import { drive } from "./webdriver.mjs";

/** The browser, if it is not Chromium. */
const elsewhere = process.env.BROWSER;

const screenshots = process.env.SCREENSHOTS ?? join(root, "target/e2e");

/** Timeout of each wait of a journey, in milliseconds. */
const waitTimeout = 30_000;

/**
 * An end-to-end test with its own page.
 *
 * @param {string} name what the test claims
 * @param {object} options `path`: appended to the page's address, such as
 *   "#seed=7"; `without`: global APIs to remove from the browser, so that the app
 *   cannot start and faults are expected; `faulty`: the app starts, but faults are
 *   expected; `timeout`: milliseconds; `everyFrame`: the page moves on as often as for a
 *   visitor, not a third as often; `everywhere`: runs in Firefox and WebKit too, of which
 *   `stock.mjs` knows but the commonest of Playwright's words; the rest is passed to
 *   Playwright's `newContext` (viewport, locale, …)
 * @param {(fixture: {page, context, origin, serve, faults}) => Promise<void>} run
 *   `serve(handler)` replaces the server's request handler; a handler is called with
 *   the file's name and `{ built, socket }`, where `built` reads a file of the built
 *   page; `faults` lists the errors and forbidden requests of the page so far
 */
export function journey(name, options, run) {
  if (typeof options === "function") {
    return journey(name, {}, options);
  }
  const { path = "", without = [], faulty = without.length > 0, timeout = 120_000, everyFrame = false, everywhere = false, ...settings } = options;
  if (elsewhere && !everywhere) {
    return;
  }
  test(name, { timeout }, async () => {
    const origin = await serverOrigin();
    serve(asBuilt);
    const { context, faults } = await (elsewhere ? openElsewhere() : open(settings, origin));
    if (!everyFrame) {
      await context.addInitScript(slowDown);
    }
    const page = await context.newPage();
    try {
      const address = origin + base + path;
      await (without.length ? startWithout(page, address, without) : start(page, address));
      await run({ page, context, origin, serve, faults });
      if (elsewhere) {
        faults.push(...(await context.faults()));
      }
      if (!faulty) {
        assert.deepEqual(faults, [], "the page has faults");
      }
    } catch (error) {
      await picture(page, `failed: ${name}`).catch(() => {});
      for (const fault of faults) {
        error.message += `\n  page: ${fault}`;
      }
      throw error;
    } finally {
      await context.close();
    }
  });
}

/** A profile of its own in Chromium, and the list of its faults. */
async function open(settings, origin) {
  const context = await (await browser()).newContext(settings);
  // Shorter than the test's own timeout, so that the error names what was awaited.
  context.setDefaultTimeout(waitTimeout);
  return { context, faults: watch(context, origin) };
}

/** The same in another browser. */
async function openElsewhere() {
  launched ??= drive(elsewhere);
  const context = new Context(await (await launched).open());
  serve(context.aided(asBuilt));
  return { context, faults: [] };
}

/** Saves a screenshot in target/e2e/ and returns its path. */
export async function picture(page, name) {
  await mkdir(screenshots, { recursive: true });
  const file = name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
  const path = join(screenshots, `${file}.png`);
  await page.screenshot({ path });
  return path;
}

/** Has the page move on 20 times a second: to draw every frame is a seventh of what journeys cost. */
function slowDown() {
  const every = setInterval;
  globalThis.setInterval = (run, time, ...rest) => every(run, Math.max(time, 48), ...rest);
}

/** Opens the page and waits until the app has started. */
export async function start(page, address) {
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", () => {
      document.documentElement.dataset.started = "true";
    });
  });
  await page.goto(address);
  await page.locator("html[data-started]").waitFor({ state: "attached" });
}

/** Opens the page in a browser without some global APIs. */
async function startWithout(page, address, names) {
  await page.addInitScript((names) => {
    for (const name of names) {
      delete globalThis[name];
    }
  }, names);
  await page.goto(address);
}

/** Collects errors and forbidden requests of all pages of a context. */
function watch(context, origin) {
  const faults = [];
  const foreign = (url) =>
    !url.startsWith(origin + "/") && !/^(about|blob|data):/.test(url);
  context.on("console", (message) => {
    if (message.type() === "error") {
      faults.push(`console error: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => {
    faults.push(`uncaught error: ${error.error().stack}`);
  });
  context.on("request", (request) => {
    if (foreign(request.url())) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  context.on("page", (page) => {
    page.on("websocket", (socket) => {
      faults.push(`web socket: ${socket.url()}`);
    });
    page.on("crash", () => faults.push("the page crashed"));
  });
  return faults;
}

// Hooks apply to the whole file only at module level.
let launched;
let listening;
after(async () => {
  await (await launched)?.close();
  (await listening)?.close();
});

/** The browser, shared by all journeys of a file. */
function browser() {
  launched ??= launch("HEADLESS_SHELL");
  return launched;
}

// The request handler: see `journey`.
let handler = asBuilt;
const serve = (next) => {
  handler = next;
};

/** The origin of the server, shared by all journeys of a file. */
async function serverOrigin() {
  listening ??= listen(() => handler);
  const { port } = (await listening).address();
  return `http://127.0.0.1:${port}`;
}
