// The built page on a server of its own, and a headless browser for it: what the
// journeys and the measurements share.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
/** Where the built page is. */
export const dist = process.env.DIST ?? join(root, "target/page");

/** Not the root of the server: the page must work under any path. */
export const base = "/hustings/";

/** What a file is, by how its name ends. */
export const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** How a browser is started that nothing but the page is to keep busy. */
export const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Starts a headless browser. */
export async function launch(...more) {
  const executablePath = process.env.CHROME;
  assert(
    executablePath,
    'CHROME does not name a browser: eval "$(cargo xtask env)"',
  );
  return chromium.launch({
    executablePath,
    args: [...flags, ...more],
  });
}

/** Answers with a file of the built page. */
export const asBuilt = (name, { built }) => built(name);

/** Starts a server; `answers` says how it answers at the moment. */
export async function listen(answers = () => asBuilt) {
  const server = createServer((request, response) => {
    answer(request, response, answers()).catch((error) => {
      response.writeHead(404).end(String(error));
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function answer(request, response, answered) {
  const { pathname } = new URL(request.url, "http://127.0.0.1");
  assert(pathname.startsWith(base), `nothing is served at ${pathname}`);
  const file = decodeURIComponent(pathname.slice(base.length)) || "index.html";
  const built = (name) => readFile(join(dist, name));
  const body = await answered(file, { built, socket: request.socket });
  const type = types[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type }).end(body);
}
