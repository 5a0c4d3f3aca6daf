// A server for the built page, and a headless browser, for journeys and benchmarks.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
/** The folder of the built page. */
export const dist = process.env.DIST ?? join(root, "target/page");

/** Not the root, since the page must work under any path. */
export const base = "/hustings/";

/** MIME types by extension. */
export const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Browser flags that turn off background activity. */
export const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The address bar of the browser is made of pages, too, which would load beside ours.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Starts the browser that a variable names, without windows. */
export async function launch(variable, ...more) {
  const executablePath = process.env[variable];
  assert(
    executablePath,
    `${variable} does not name a browser: eval "$(cargo xtask env)"`,
  );
  return chromium.launch({
    executablePath,
    args: [...flags, ...more],
  });
}

/** The default request handler: a file of the built page. */
export const asBuilt = (name, { built }) => built(name);

/** Starts a server; `handler` returns the current request handler. */
export async function listen(handler = () => asBuilt) {
  const server = createServer((request, response) => {
    respond(request, response, handler()).catch((error) => {
      response.writeHead(404).end(String(error));
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function respond(request, response, handler) {
  const { pathname } = new URL(request.url, "http://127.0.0.1");
  assert(pathname.startsWith(base), `nothing is served at ${pathname}`);
  const file = decodeURIComponent(pathname.slice(base.length)) || "index.html";
  const built = (name) => readFile(join(dist, name));
  const body = await handler(file, { built, socket: request.socket });
  const type = types[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type }).end(body);
}
