// What there is to know of a WebAssembly module's bytes.

/** Reads bytes, one after the other. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.byte();
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) {
        return value;
      }
    }
  }

  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) {
      this.number();
    }
  }
}

const IMPORTS = 2;
const CODE = 10;

/** The sections of a module: which, and where it starts, begins and ends. */
function* sections(wasm) {
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const start = reader.at;
    const id = reader.byte();
    const body = reader.take(reader.number());
    yield { id, body, start, end: reader.at };
  }
}

/** What a module imports: two names and the bytes of its type. */
function importsIn(body) {
  const reader = new Reader(body);
  const text = () => String(reader.take(reader.number()));
  const skipType = [
    () => reader.number(),
    () => (reader.byte(), reader.limits()),
    () => reader.limits(),
    () => (reader.byte(), reader.byte()),
  ];
  return Array.from({ length: reader.number() }, () => {
    const names = [text(), text()];
    const type = reader.at;
    const kind = reader.byte();
    skipType[kind]();
    return { names, type: body.subarray(type, reader.at), isFunction: kind === 0 };
  });
}

/** One section of a module. */
function section(wasm, which) {
  return [...sections(wasm)].find(({ id }) => id === which);
}

/** The module with other names for what it imports. */
export function withImports(wasm, rename) {
  const { body, start, end } = section(wasm, IMPORTS);
  const imports = importsIn(body).flatMap(({ names: [from, name], type }) => [
    ...named(from),
    ...named(rename(name)),
    type,
  ]);
  const count = importsIn(body).length;
  return Buffer.concat([wasm.subarray(0, start), ...framed(IMPORTS, [written(count), ...imports]), wasm.subarray(end)]);
}

/** The bytes of each function. */
export function functions(wasm) {
  const reader = new Reader(section(wasm, CODE).body);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** The module with names for its functions. */
export function withNames(wasm, names) {
  const first = importsIn(section(wasm, IMPORTS).body).filter(({ isFunction }) => isFunction).length;
  const list = names.flatMap((name, place) => [written(first + place), ...named(name)]);
  return Buffer.concat([wasm, ...framed(0, [...named("name"), ...framed(1, [written(names.length), ...list])])]);
}

const named = (name) => [written(Buffer.byteLength(name)), Buffer.from(name)];

function framed(id, parts) {
  const body = Buffer.concat(parts);
  return [Buffer.from([id]), written(body.length), body];
}

/** A number as WebAssembly writes it: seven bits a byte, the lowest first. */
function written(number) {
  const bytes = [];
  do {
    bytes.push((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    number >>>= 7;
  } while (number);
  return Buffer.from(bytes);
}
