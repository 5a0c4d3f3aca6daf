// Puts the functions of a WebAssembly module into an order that compresses well.
//
// What has just been seen is cheaper to repeat than what is long past. Functions
// that are alike, such as one function for several types, therefore belong side by
// side; it makes 2 % of what a visitor downloads.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functions, withNames } from "./wasm.mjs";

/** The module with its functions in another order. */
export function ordered(wasm) {
  const order = chain(functions(wasm).map(pieces));
  const names = [];
  order.forEach((which, place) => (names[which] = String(place).padStart(6, "0")));
  return byName(withNames(wasm, names));
}

/** wasm-opt knows how to move functions; the order is that of their names. */
function byName(wasm) {
  const dir = mkdtempSync(join(tmpdir(), "hustings-"));
  const file = join(dir, "page.wasm");
  writeFileSync(file, wasm);
  execFileSync("wasm-opt", ["--reorder-functions-by-name", "--strip-debug", file, "-o", file]);
  const moved = readFileSync(file);
  rmSync(dir, { recursive: true });
  return moved;
}

/** How many bytes are compared at a time. */
const PIECE = 4;
/** What occurs in more functions than these says nothing. */
const COMMON = 400;
/** How much of what a function has counts when the one after the next is chosen. */
const MEMORY = 0.8;
/** Small functions are like any other; this many pieces are added to each. */
const SMALL = 20;

/** All that stands in a function, piece by piece, as numbers. */
function pieces(code) {
  const found = new Set();
  for (let at = 0; at + PIECE <= code.length; at += 1) {
    found.add(code.readUInt32LE(at));
  }
  return found;
}

/** From the largest on, always the one that is most like the last ones. */
function chain(all) {
  const holders = new Map();
  all.forEach((found, which) => {
    for (const piece of found) {
      const others = holders.get(piece);
      others ? others.push(which) : holders.set(piece, [which]);
    }
  });
  const left = new Set(all.keys());
  const alike = new Float64Array(all.length);
  const likeness = (which) => alike[which] / Math.sqrt(all[which].size + SMALL);
  const best = (measure) => {
    let [found, most] = [undefined, -1];
    for (const which of left) {
      const value = measure(which);
      if (value > most) {
        [found, most] = [which, value];
      }
    }
    return found;
  };

  const order = [];
  for (let next = best((which) => all[which].size); next !== undefined; next = best(likeness)) {
    left.delete(next);
    order.push(next);
    alike.forEach((value, which) => (alike[which] = value * MEMORY));
    for (const piece of all[next]) {
      const others = holders.get(piece);
      if (others.length <= COMMON) {
        others.forEach((which) => (alike[which] += 1));
      }
    }
  }
  return order;
}
