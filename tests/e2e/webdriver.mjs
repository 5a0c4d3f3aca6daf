// Firefox and WebKit as Debian has them, driven by their own drivers over WebDriver
// (https://www.w3.org/TR/webdriver2/). The protocol is JSON over HTTP, and this is the
// part of it that journeys need: the libraries that speak it want a newer Node.js.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** How each browser's driver is started, and what it is asked for. */
const browsers = {
  firefox: {
    driver: "geckodriver",
    capabilities: (browser) => ({
      "moz:firefoxOptions": { binary: browser, args: ["-headless"] },
    }),
  },
  webkit: {
    driver: "WebKitWebDriver",
    // It has no headless mode.
    display: true,
    capabilities: (browser) => ({
      "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
    }),
  },
};

/**
 * Starts a browser's driver.
 *
 * @returns `open`, which starts a browser with a profile of its own, and `close`
 */
export async function drive(name) {
  const { driver, capabilities, display } = browsers[name];
  const browser = process.env[name.toUpperCase()];
  assert(browser, `${name.toUpperCase()} does not name a browser: cargo xtask test browsers`);
  const screen = display ? await virtualScreen() : undefined;
  const port = await freePort();
  const running = spawn(driver, [`--port=${port}`], {
    stdio: "ignore",
    // No graphics card is needed, and none is asked for.
    env: { ...process.env, ...screen?.env, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" },
  });
  const call = caller(`http://127.0.0.1:${port}`);
  await untilReady(call, running);
  return {
    async open() {
      const { sessionId } = await call("POST", "/session", {
        capabilities: { alwaysMatch: { ...capabilities(browser), timeouts: { script: 30_000 } } },
      });
      return (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
    },
    async close() {
      running.kill();
      screen?.close();
    },
  };
}

/** Sends commands to a driver; throws what it refuses. */
const caller = (origin) => async (method, path, body) => {
  const response = await fetch(origin + path, {
    method,
    headers: { "content-type": "application/json" },
    body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
  });
  const { value } = await response.json();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  }
  return value;
};

async function untilReady(call, running) {
  let state;
  do {
    assert(running.exitCode === null, `the driver has ended with ${running.exitCode}`);
    await pause(50);
    state = await call("GET", "/status").catch(() => undefined);
  } while (!state?.ready);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** A screen without a monitor. */
async function virtualScreen() {
  const running = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await once(createInterface(running.stdio[3]), "line");
  return { env: { DISPLAY: `:${number}` }, close: () => running.kill() };
}
