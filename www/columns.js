// The code of a WebAssembly module in columns: what is alike stands side by side.
//
// In a module, what an instruction works on follows it, so that two stretches of
// code that do the same with other locals look different throughout. In columns,
// the instructions of all functions stand in one row and the locals in another,
// and a packer finds more that it has seen before.

/** Instructions and all that has no column of its own. */
const SHAPE = 0;
const READ = 1;
const WRITTEN = 2;
const CONSTANT = 3;
const WIDE = 4;
const OFFSET = 5;

export const COLUMNS = 6;

/** The columns of the numbers that follow an instruction; most have none. */
const FOLLOW = new Map([
  ...[0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x23, 0x24, 0x25, 0x26].map((code) => [code, [SHAPE]]),
  ...[0x3f, 0x40, 0xd0, 0xd2].map((code) => [code, [SHAPE]]),
  [0x11, [SHAPE, SHAPE]],
  [0x20, [READ]],
  [0x21, [WRITTEN]],
  [0x22, [WRITTEN]],
  // Loads and stores.
  ...Array.from({ length: 0x3f - 0x28 }, (_, nth) => [0x28 + nth, [SHAPE, OFFSET]]),
  [0x41, [CONSTANT]],
  [0x42, [WIDE]],
]);
/** How many numbers follow an instruction of two parts (0xfc), by its second. */
const FOLLOW_LONG = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Carries the body of a module's code section over, byte by byte: `carry` takes
 * the next byte from where it stands, puts it where it belongs, and returns it.
 * Which column it is in, this says; whether the code is taken apart or put
 * together again, only `carry` knows.
 */
export function walk(carry) {
  let carried = 0;
  const byte = (column) => {
    carried++;
    return carry(column);
  };
  const number = (column) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte(column);
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
  };
  const times = (count, what) => {
    while (count-- > 0) {
      what();
    }
  };
  const instruction = () => {
    const code = byte(SHAPE);
    if (code === 0x0e) {
      // A branch by a table; the last place is where all others go.
      times(number(SHAPE) + 1, () => number(SHAPE));
    } else if (code === 0x1c) {
      times(number(SHAPE), () => byte(SHAPE));
    } else if (code === 0x43 || code === 0x44) {
      times(code === 0x43 ? 4 : 8, () => byte(WIDE));
    } else if (code === 0xfc) {
      times(FOLLOW_LONG[number(SHAPE)], () => number(SHAPE));
    } else {
      FOLLOW.get(code)?.forEach(number);
    }
  };
  times(number(SHAPE), () => {
    const size = number(SHAPE);
    const end = carried + size;
    times(number(SHAPE), () => {
      number(SHAPE);
      byte(SHAPE);
    });
    while (carried < end) {
      instruction();
    }
  });
}
