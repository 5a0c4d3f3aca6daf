// Makes smaller what a visitor downloads.

import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack } from "./pack.mjs";
import { withImports } from "./wasm.mjs";

const minifiers = {
  ".css": async (text) => (await transform(text, { loader: "css", minify: true })).code,
  ".js": async (text) => (await transform(text, { format: "esm", minify: true })).code,
  ".webmanifest": (text) => JSON.stringify(JSON.parse(text)),
};

/** Shrinks the files in a folder; returns the page with their new names. */
export async function shrink(dir, html) {
  const files = new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));
  files.delete("index.html");
  const names = await packModule(files);
  for (const [name, body] of files) {
    const minify = minifiers[extname(name)];
    const small = minify ? await minify(body) : body;
    // Trunk's hash is that of the file before.
    const was = names.get(name) ?? name;
    const now = name.replace(/-[0-9a-f]{16}/, `-${hash(small)}`);
    rmSync(join(dir, was));
    writeFileSync(join(dir, now), small);
    html = html.replaceAll(was, now);
  }
  return html;
}

const hash = (body) => createHash("sha256").update(body).digest("hex").slice(0, 16);

/**
 * Packs the WebAssembly module, and gives the script that starts it what unpacks
 * it. Returns what the files were called that have another name now.
 */
async function packModule(files) {
  const [name, wasm] = [...files].find(([name]) => name.endsWith("_bg.wasm"));
  const glue = name.replace("_bg.wasm", ".js");
  const short = shortImports(wasm, String(files.get(glue)));
  const packed = name.replace(/wasm$/, "packed");
  files.delete(name);
  files.set(packed, await pack(short.wasm));
  files.set(glue, await withUnpacker(short.js));
  return new Map([[packed, name]]);
}

/**
 * Renames what the WebAssembly imports. wasm-bindgen's names end in a hash that
 * hardly compresses, and stand in both files.
 */
function shortImports(wasm, js) {
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
  return { wasm: withImports(wasm, rename), js };
}

/** wasm-bindgen's script, for a module that is packed. */
async function withUnpacker(js) {
  const contents = `
    import start from "glue";
    import { fetched } from "./unpack.js";
    export default ({ module_or_path }) => start({ module_or_path: fetched(module_or_path) });`;
  const glue = {
    name: "glue",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^glue$/ }, () => ({ path: "glue", namespace: "glue" }));
      onLoad({ filter: /.*/, namespace: "glue" }, () => ({ contents: js }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../../www", import.meta.url)) },
    bundle: true,
    format: "esm",
    legalComments: "none",
    plugins: [glue],
    write: false,
  });
  return outputFiles[0].text;
}
