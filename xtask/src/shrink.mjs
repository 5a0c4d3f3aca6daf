// Makes smaller what a visitor downloads.

import { transform } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";

const minifiers = {
  ".css": async (text) => (await transform(text, { loader: "css", minify: true })).code,
  ".js": async (text) => (await transform(text, { format: "esm", minify: true })).code,
  ".webmanifest": (text) => JSON.stringify(JSON.parse(text)),
};

/** Shrinks the files in a folder; returns the page with their new names. */
export async function shrink(dir, html) {
  const files = new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));
  files.delete("index.html");
  shortenImports(files);
  for (const [name, body] of files) {
    const minify = minifiers[extname(name)];
    const small = minify ? await minify(String(body)) : body;
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

/** A WebAssembly module with other names for what it imports. */
function withImports(wasm, rename) {
  let at = 8;
  const byte = () => wasm[at++];
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) {
        return value;
      }
    }
  };
  const text = () => {
    const end = number() + at;
    return wasm.toString("utf8", at, (at = end));
  };
  const limits = () => {
    const flags = byte();
    number();
    if (flags & 1) {
      number();
    }
  };
  const skipType = [number, () => (byte(), limits()), limits, () => (byte(), byte())];

  while (at < wasm.length) {
    const start = at;
    const section = byte();
    const end = number() + at;
    if (section !== 2) {
      at = end;
      continue;
    }
    const count = number();
    const imports = [written(count)];
    for (let each = 0; each < count; each += 1) {
      const names = [text(), rename(text())].map((name) => Buffer.from(name));
      const type = at;
      skipType[byte()]();
      const bytes = names.flatMap((name) => [written(name.length), name]);
      imports.push(...bytes, wasm.subarray(type, at));
    }
    const body = Buffer.concat(imports);
    const parts = [wasm.subarray(0, start), Buffer.from([section]), written(body.length), body, wasm.subarray(end)];
    return Buffer.concat(parts);
  }
  return wasm;
}

/** A number as WebAssembly writes it: seven bits a byte, the lowest first. */
function written(number) {
  const bytes = [];
  do {
    bytes.push((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    number >>>= 7;
  } while (number);
  return Buffer.from(bytes);
}
