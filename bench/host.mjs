// Serves a built page like a static host: precompressed with brotli or gzip as the browser
// accepts, with MIME types, over keep-alive connections. Files with a hash in their names
// are cached forever, others revalidated.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { base, types } from "../tests/e2e/site.mjs";

/** MIME types that are already compressed. */
const packed = new Set(["image/png", "image/x-icon"]);

/** Starts a server for a folder. */
export async function host(dir) {
  const files = new Map();
  for (const name of await readdir(dir)) {
    files.set(name, prepared(name, await readFile(join(dir, name))));
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const name = pathname.startsWith(base) && (pathname.slice(base.length) || "index.html");
    const file = files.get(name);
    file ? answer(file, request, response) : response.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, url: `http://127.0.0.1:${server.address().port}${base}` };
}

function prepared(name, body) {
  const type = types[extname(name)] ?? "application/octet-stream";
  const hashed = /-[0-9a-f]{8,16}[._]/.test(name);
  return {
    headers: {
      "content-type": type,
      "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
      etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`,
      vary: "accept-encoding",
    },
    bodies: packed.has(type) ? { identity: body } : { br: brotliCompressSync(body), gzip: gzipSync(body, { level: 9 }), identity: body },
  };
}

function answer({ headers, bodies }, request, response) {
  if (request.headers["if-none-match"] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const taken = (request.headers["accept-encoding"] ?? "").split(/,\s*/);
  const encoding = ["br", "gzip"].find((one) => taken.includes(one) && bodies[one]) ?? "identity";
  const body = bodies[encoding];
  const encoded = encoding === "identity" ? {} : { "content-encoding": encoding };
  response.writeHead(200, { ...headers, ...encoded, "content-length": body.length }).end(body);
}
