// Carries out calls in WebAssembly. Each line of input names an exported function
// and its arguments; the line of output is what it returned, how many microseconds
// of CPU time it took, and how large the memory is.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file] = process.argv.slice(1);
const module = await WebAssembly.compile(readFileSync(file));
let { exports } = await WebAssembly.instantiate(module);

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = line.split(" ");
  // A memory never shrinks, so each laboratory gets one of its own.
  if (name === "begin") ({ exports } = await WebAssembly.instantiate(module));
  const call = exports[name];
  const numbers = words.map(Number);
  const before = process.cpuUsage();
  const answer = call(...numbers);
  const { user, system } = process.cpuUsage(before);
  console.log(answer, user + system, exports.memory.buffer.byteLength);
}
