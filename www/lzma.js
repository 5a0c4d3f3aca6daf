// Decompresses LZMA, as its author describes it (7-zip.org/sdk.html, lzma-specification.txt).

/** Where the probabilities of each kind of decision begin. */
const IS_MATCH = 0;
const IS_REPEATED = 192;
const IS_OLDER = 204;
const IS_OLDER_STILL = 216;
const IS_OLDEST = 228;
const IS_LONG = 240;
const SLOT = 432;
const NEAR = 688;
const ALIGNED = 816;
const LENGTH = 832;
const REPEATED_LENGTH = 1346;
const LITERAL = 1860;

/** The range coder: decisions, each by the probability that it has by now. */
function decisions(file, literalBits) {
  const probabilities = new Uint16Array(LITERAL + (0x300 << literalBits)).fill(1024);
  let read = 18;
  // Its range and its place there. An array, because numbers of 32 bits are quick in one.
  const coder = Uint32Array.of(-1, new DataView(file.buffer, file.byteOffset).getUint32(14));
  const narrow = () => {
    if (coder[0] < 0x1000000) {
      coder[0] <<= 8;
      coder[1] = (coder[1] << 8) | file[read++];
    }
  };
  const decide = (which) => {
    const probability = probabilities[which];
    const bound = (coder[0] >>> 11) * probability;
    const is = coder[1] < bound ? 0 : 1;
    if (is) {
      coder[0] -= bound;
      coder[1] -= bound;
      probabilities[which] -= probability >> 5;
    } else {
      coder[0] = bound;
      probabilities[which] += (2048 - probability) >> 5;
    }
    narrow();
    return is;
  };
  const number = (from, bits) => {
    let node = 1;
    for (let left = bits; left > 0; left--) {
      node = (node << 1) | decide(from + node);
    }
    return node - (1 << bits);
  };
  const reversed = (from, bits) => {
    let [node, value] = [1, 0];
    for (let bit = 0; bit < bits; bit++) {
      const is = decide(from + node);
      node = (node << 1) | is;
      value |= is << bit;
    }
    return value;
  };
  const plain = (bits) => {
    let value = 0;
    while (bits-- > 0) {
      coder[0] >>>= 1;
      const is = coder[1] < coder[0] ? 0 : 1;
      coder[1] -= is * coder[0];
      value = (value << 1) | is;
      narrow();
    }
    return value;
  };
  return { decide, number, reversed, plain };
}

/** After so many bytes, the page may do what else there is to do. */
const SLICE = 1 << 17;
const pause = () => new Promise((done) => setTimeout(done));

/** What is in a file of the kind `.lzma` that names its length. */
export async function decompressed(file) {
  const settings = file[0];
  const contextBits = settings % 9;
  const placeBits = Math.floor(settings / 9) % 5;
  const placeMask = (1 << placeBits) - 1;
  const positionMask = (1 << Math.floor(settings / 45)) - 1;
  const out = new Uint8Array(new DataView(file.buffer, file.byteOffset).getUint32(5, true));
  const { decide, number, reversed, plain } = decisions(file, contextBits + placeBits);
  let at = 0;
  let state = 0;
  const back = [0, 0, 0, 0];
  const literal = () => {
    const before = out[at - 1] >> (8 - contextBits);
    const from = LITERAL + 0x300 * (((at & placeMask) << contextBits) + before);
    let node = 1;
    if (state > 6) {
      // After a repetition, the byte that would have gone on with it is unlikely.
      for (let other = out[at - back[0] - 1], same = true; same && node < 0x100; other <<= 1) {
        const likely = (other >> 7) & 1;
        const is = decide(from + 0x100 + (likely << 8) + node);
        node = (node << 1) | is;
        same = is === likely;
      }
    }
    while (node < 0x100) {
      node = (node << 1) | decide(from + node);
    }
    out[at++] = node;
    state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
  };
  const length = (from, position) => {
    if (!decide(from)) {
      return 2 + number(from + 2 + position * 8, 3);
    }
    return decide(from + 1) ? 18 + number(from + 258, 8) : 10 + number(from + 130 + position * 8, 3);
  };
  const distance = (slot) => {
    if (slot < 4) {
      return slot;
    }
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    return slot < 14
      ? base + reversed(NEAR + base - slot, bits)
      : base + (plain(bits - 4) << 4) + reversed(ALIGNED, 4);
  };
  const repeated = (position) => {
    let which = 0;
    if (decide(IS_OLDER + state)) {
      which = decide(IS_OLDER_STILL + state) ? 2 + decide(IS_OLDEST + state) : 1;
    } else if (!decide(IS_LONG + state * 16 + position)) {
      state = state < 7 ? 9 : 11;
      return 1;
    }
    back.unshift(...back.splice(which, 1));
    state = state < 7 ? 8 : 11;
    return length(REPEATED_LENGTH, position);
  };
  const repetition = (position) => {
    const count = length(LENGTH, position);
    back.pop();
    back.unshift(distance(number(SLOT + Math.min(count - 2, 3) * 64, 6)));
    state = state < 7 ? 7 : 10;
    return count;
  };
  for (let slice = SLICE; at < out.length; ) {
    if (at > slice) {
      slice += SLICE;
      await pause();
    }
    const position = at & positionMask;
    if (!decide(IS_MATCH + state * 16 + position)) {
      literal();
    } else {
      const count = decide(IS_REPEATED + state) ? repeated(position) : repetition(position);
      for (const end = at + count; at < end; at++) {
        out[at] = out[at - back[0] - 1];
      }
    }
  }
  return out;
}
