// Fetches and unpacks what a release packs (xtask/src/pack.mjs).

import { COLUMNS, walk } from "./columns.js";
import { decompressed } from "./lzma.js";

/** The WebAssembly module that is packed at an address. */
export async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${response.status} ${address}`);
  }
  return unpacked(new Uint8Array(await response.arrayBuffer()));
}

/** The WebAssembly module that these bytes are, packed. */
export async function unpacked(packed) {
  const flat = await decompressed(packed);
  const lengths = new Uint32Array(flat.buffer, 0, 1 + COLUMNS);
  let at = lengths.byteLength;
  const [head, ...columns] = Array.from(lengths, (length) => flat.subarray(at, (at += length)));
  const module = new Uint8Array(flat.length - lengths.byteLength);
  module.set(head);
  module.set(flat.subarray(at), module.length - (flat.length - at));
  let to = head.length;
  const from = columns.map(() => 0);
  walk((column) => (module[to++] = columns[column][from[column]++]));
  return module;
}
