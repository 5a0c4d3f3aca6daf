// Executes calls in WebAssembly. Each line of input is an exported function with its
// arguments; the line of output is its result, its CPU time in microseconds, and the size
// of the memory in bytes.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file] = process.argv.slice(1);
const module = await WebAssembly.compile(readFileSync(file));
let { exports } = await WebAssembly.instantiate(module);

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = line.split(" ");
  // A memory never shrinks, so each laboratory gets a new one.
  if (name === "begin") ({ exports } = await WebAssembly.instantiate(module));
  const call = exports[name];
  const numbers = words.map(Number);
  const before = process.cpuUsage();
  const answer = call(...numbers);
  const { user, system } = process.cpuUsage(before);
  console.log(answer, user + system, exports.memory.buffer.byteLength);
}
