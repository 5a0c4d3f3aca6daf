// Serves the built page and walks through it in a headless browser.
//
//   import { journey } from "./harness.mjs";
//
//   journey("a visitor sees the heading", async ({ page }) => {
//     await page.getByRole("heading", { name: "Hustings" }).waitFor();
//   });
//
// Each journey gets a page of its own on which the app has started. It fails
// when the page logs an error, throws one, violates its own policy, or asks any
// other origin for anything; then a picture of the page lies in target/e2e/.
//
// `cargo xtask test page` builds the page and runs all journeys. To run one
// file against a page that is built already:
//
//   eval "$(cargo xtask env)" && node --test tests/e2e/page.test.mjs

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { asBuilt, base, launch, listen, root } from "./site.mjs";

const pictures = process.env.SCREENSHOTS ?? join(root, "target/e2e");

/** How long a journey waits for anything, in milliseconds. */
const patience = 30_000;

/**
 * Walks through the page: a test with a page of its own.
 *
 * @param {string} name what holds when the journey succeeds
 * @param {object} options `path`: what follows the page's address, such as
 *   "#seed=7"; `without`: names of what this browser is made to lack, so that
 *   the app cannot start and faults are expected; `faulty`: the app starts, but
 *   faults are expected; `timeout`: milliseconds; the rest is for Playwright's
 *   `newContext` (viewport, locale, …)
 * @param {(place: {page, context, origin, serve, faults}) => Promise<void>} walk
 *   `serve` is given a function that answers the server's requests from then
 *   on, by a file's name; it is also given `built`, which reads a file of the
 *   built page, and the request's socket; `faults` has what the page did that it
 *   must not, so far
 */
export function journey(name, options, walk) {
  if (typeof options === "function") {
    return journey(name, {}, options);
  }
  const { path = "", without = [], faulty = without.length > 0, timeout = 120_000, ...settings } = options;
  test(name, { timeout }, async () => {
    const origin = await serverOrigin();
    serve(asBuilt);
    const context = await (await browser()).newContext(settings);
    // What does not come is named, and its picture taken, before the test ends.
    context.setDefaultTimeout(patience);
    const faults = watch(context, origin);
    const page = await context.newPage();
    try {
      const address = origin + base + path;
      await (without.length ? startWithout(page, address, without) : start(page, address));
      await walk({ page, context, origin, serve, faults });
      if (!faulty) {
        assert.deepEqual(faults, [], "the page did what it must not");
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

/** Saves a picture of the page in target/e2e/ and says where. */
export async function picture(page, name) {
  await mkdir(pictures, { recursive: true });
  const file = name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
  const path = join(pictures, `${file}.png`);
  await page.screenshot({ path });
  return path;
}

/** Opens the page and waits until the app runs. */
export async function start(page, address) {
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", () => {
      document.documentElement.dataset.started = "true";
    });
  });
  await page.goto(address);
  await page.locator("html[data-started]").waitFor({ state: "attached" });
}

/** Opens the page in a browser that lacks something. */
async function startWithout(page, address, names) {
  await page.addInitScript((names) => {
    for (const name of names) {
      delete globalThis[name];
    }
  }, names);
  await page.goto(address);
}

/** Collects what no page may do, from now on. */
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

// Hooks belong to the file only when they are set out here.
let launched;
let listening;
after(async () => {
  await (await launched)?.close();
  (await listening)?.close();
});

/** The browser that all journeys of a file share. */
function browser() {
  launched ??= launch();
  return launched;
}

// How the server answers: see `journey`.
let answered = asBuilt;
const serve = (answers) => {
  answered = answers;
};

/** The origin of the server that all journeys of a file share. */
async function serverOrigin() {
  listening ??= listen(() => answered);
  const { port } = (await listening).address();
  return `http://127.0.0.1:${port}`;
}
