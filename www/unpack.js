// Fetches and unpacks what a release packs (xtask/src/pack.mjs).

import { Decoder } from "../node_modules/lzma1/lib/decoder.js";
import { InputBuffer, OutputBuffer } from "../node_modules/lzma1/lib/streams.js";
import { COLUMNS, walk } from "./columns.js";

/** The WebAssembly module that is packed at an address. */
export async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${response.status} ${address}`);
  }
  return unpacked(new Uint8Array(await response.arrayBuffer()));
}

/** The WebAssembly module that these bytes are, packed. */
export function unpacked(packed) {
  const flat = decompressed(packed);
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

function decompressed(packed) {
  const output = new OutputBuffer(4 * packed.length);
  new Decoder().decompress(new InputBuffer(packed), output);
  return output.toArray();
}
