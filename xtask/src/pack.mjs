// Packs a WebAssembly module, together with what unpacks it in the browser
// (www/unpack.js). How, crates/packer says.

import binaryen from "binaryen";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { START, unpacked } from "../../www/unpack.js";
import { ordered } from "./order.mjs";

/** The file for a module. */
export async function pack(module) {
  const wasm = ordered(module);
  const packer = built();
  const { instance } = await WebAssembly.instantiate(packer);
  const { memory, room, pack_module, outcome, outcome_length } = instance.exports;
  const place = room(wasm.length);
  new Uint8Array(memory.buffer).set(wasm, place);
  const done = pack_module();
  const packed = Buffer.from(memory.buffer, outcome(), outcome_length());
  if (!done) {
    throw new Error(`the page cannot be packed: ${packed}`);
  }
  const unpacker = withoutPacking(packer);
  const length = Buffer.alloc(START);
  length.writeUInt32LE(unpacker.length);
  const file = Buffer.concat([length, unpacker, packed]);
  // What comes back was looked at, but not in what remains of the unpacker.
  if (!wasm.equals(await unpacked(new Uint8Array(file).buffer))) {
    throw new Error("the module does not come back from how it is packed");
  }
  return file;
}

/** The packer, built for WebAssembly. */
function built() {
  const what = ["--package", "hustings-packer", "--lib", "--target", "wasm32-unknown-unknown"];
  const how = ["--release", "--locked", "--message-format", "json-render-diagnostics"];
  const told = execFileSync("cargo", ["build", ...what, ...how], { stdio: ["ignore", "pipe", "inherit"] });
  const files = String(told)
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map(JSON.parse)
    .filter(({ target }) => target?.name === "hustings_packer")
    .flatMap(({ filenames }) => filenames);
  return readFileSync(files.find((name) => name.endsWith(".wasm")));
}

/** What of it a browser needs. */
function withoutPacking(packer) {
  const module = binaryen.readBinary(packer);
  for (const name of ["pack_module", "__data_end", "__heap_base"]) {
    module.removeExport(name);
  }
  module.optimize();
  module.runPasses(["strip-target-features", "strip-producers"]);
  return module.emitBinary();
}
