// A separate browser, driven directly by the DevTools protocol, so that its start can be
// measured, and emulation applies to the page's service worker, too.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { flags } from "../tests/e2e/site.mjs";

/** Starts a browser with a profile folder and additional flags. */
export function start(profile, ...more) {
  assert(process.env.CHROME, 'CHROME does not name a browser: eval "$(cargo xtask env)"');
  const own = ["--headless", "--no-sandbox", "--no-startup-window", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "--window-size=1440,900"];
  const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"];
  return new DevTools(spawn(process.env.CHROME, [...flags, ...own, ...more], { stdio }));
}

class DevTools {
  #process;
  #asked = new Map();
  #hears = new Map();
  #last = 0;

  constructor(process) {
    this.#process = process;
    let rest = Buffer.alloc(0);
    process.stdio[4].on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      // Messages are terminated by a zero byte.
      for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
        this.#take(JSON.parse(rest.subarray(0, end)));
      }
    });
    process.stdio[3].on("error", () => {});
  }

  #take({ id, method, params, result, error, sessionId }) {
    if (id === undefined) {
      this.#hears.get(method)?.(params, sessionId);
      return;
    }
    const { done, failed } = this.#asked.get(id);
    this.#asked.delete(id);
    error ? failed(new Error(error.message)) : done(result);
  }

  /** Sends a command: to the browser, or to the target of a session. */
  send(method, params = {}, sessionId = undefined) {
    const id = (this.#last += 1);
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((done, failed) => this.#asked.set(id, { done, failed }));
  }

  /** Sets the listener of an event, at most one per name. */
  on(method, hear) {
    this.#hears.set(method, hear);
  }

  /** The next event of a name. */
  next(method) {
    return new Promise((done) => this.on(method, done));
  }

  /** Closes the browser like a user, so that it writes its caches to disk. */
  async close() {
    const gone = once(this.#process, "exit");
    this.send("Browser.close").catch(() => {});
    await gone;
  }
}
