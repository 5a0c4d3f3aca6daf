// Fetches and unpacks what a release packs (xtask/src/pack.mjs).

/** The WebAssembly module that is packed at an address. */
export async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${response.status} ${address}`);
  }
  return unpacked(await response.arrayBuffer());
}

/** After so many bytes, the page may do what else there is to do. */
const SLICE = 48 << 10;

/** A file begins with how long the unpacker is, in so many bytes. */
export const START = 4;

/** The WebAssembly module in a file: its unpacker comes first, and then what is packed. */
export async function unpacked(file) {
  const length = new DataView(file).getUint32(0, true);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(file, START, length));
  const { memory, room, unpack_more, outcome, outcome_length } = instance.exports;
  const packed = new Uint8Array(file, START + length);
  const place = room(packed.length);
  new Uint8Array(memory.buffer).set(packed, place);
  // A timer would wait; a message to oneself does not.
  const { port1, port2 } = new MessageChannel();
  while (unpack_more(SLICE)) {
    await new Promise((done) => {
      port1.onmessage = done;
      port2.postMessage(0);
    });
  }
  port1.close();
  if (!outcome_length()) {
    throw new Error("the download is damaged");
  }
  return new Uint8Array(memory.buffer, outcome(), outcome_length());
}
