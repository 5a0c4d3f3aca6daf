// Packs a WebAssembly module: by columns and LZMA it is a quarter smaller than by
// gzip, which is all that many hosts do. www/unpack.js unpacks it.

import { compress } from "lzma1";
import { COLUMNS, walk } from "../../www/columns.js";
import { unpacked } from "../../www/unpack.js";
import { ordered } from "./order.mjs";
import { CODE, section } from "./wasm.mjs";

/** LZMA's effort, and how far it looks back: 2 MiB. */
const MODE = 5;

/** The module, packed. */
export async function pack(module) {
  const wasm = ordered(module);
  const { body, end } = section(wasm, CODE);
  const head = wasm.subarray(0, end - body.length);
  const columns = Array.from({ length: COLUMNS }, () => []);
  let at = 0;
  walk((column) => {
    columns[column].push(body[at]);
    return body[at++];
  });
  const lengths = Uint32Array.of(head.length, ...columns.map(({ length }) => length));
  const flat = Buffer.concat([
    new Uint8Array(lengths.buffer),
    head,
    ...columns.map((column) => Uint8Array.from(column)),
    wasm.subarray(end),
  ]);
  const packed = compress(flat, MODE);
  if (!wasm.equals(await unpacked(packed))) {
    throw new Error("the module does not come back from how it is packed (www/unpack.js)");
  }
  return Buffer.from(packed);
}
