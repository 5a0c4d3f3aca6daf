// Makes smaller what a visitor downloads.

import { transform } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { ordered } from "./order.mjs";
import { withImports } from "./wasm.mjs";

const minifiers = {
  ".css": async (text) => (await transform(text, { loader: "css", minify: true })).code,
  ".js": async (text) => (await transform(text, { format: "esm", minify: true })).code,
  ".wasm": ordered,
  ".webmanifest": (text) => JSON.stringify(JSON.parse(text)),
};

/** Shrinks the files in a folder; returns the page with their new names. */
export async function shrink(dir, html) {
  const files = new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));
  files.delete("index.html");
  shortenImports(files);
  for (const [name, body] of files) {
    const minify = minifiers[extname(name)];
    const small = minify ? await minify(body) : body;
    // Trunk's hash is that of the file before.
    const now = name.replace(/-[0-9a-f]{16}/, `-${hash(small)}`);
    rmSync(join(dir, name));
    writeFileSync(join(dir, now), small);
    html = html.replaceAll(name, now);
  }
  return html;
}

const hash = (body) => createHash("sha256").update(body).digest("hex").slice(0, 16);

/**
 * Renames what the WebAssembly imports. wasm-bindgen's names end in a hash that
 * hardly compresses, and stand in both files.
 */
function shortenImports(files) {
  const [name, wasm] = [...files].find(([name]) => name.endsWith("_bg.wasm"));
  const glue = name.replace("_bg.wasm", ".js");
  let js = String(files.get(glue));
  const short = new Map();
  const rename = (long) => {
    if (!/_[0-9a-f]{16}$/.test(long)) {
      return long;
    }
    if (!short.has(long)) {
      short.set(long, `_${short.size.toString(36)}`);
      js = js.replaceAll(long, short.get(long));
    }
    return short.get(long);
  };
  files.set(name, withImports(wasm, rename));
  files.set(glue, Buffer.from(js));
}
