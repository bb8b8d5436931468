// Reads what the functions that a wasm module exports give back. `WebAssembly.Module.exports` tells
// names alone, so this walks the sections of the binary itself.

const TYPE = 1;
const IMPORT = 2;
const FUNCTION = 3;
const EXPORT = 7;

/** A cursor over the binary's integers, names and types. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  }
  name() {
    const size = this.number();
    this.at += size;
    return new TextDecoder().decode(this.bytes.subarray(this.at - size, this.at));
  }
  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
  /** @template T @param {() => T} item */
  list(item) {
    return Array.from({ length: this.number() }, item);
  }
}

const VALUE_TYPES = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
]);

/** The names of the exported functions with the list of their result types. @param {Uint8Array} bytes */
export function exportedResults(bytes) {
  const reader = new Reader(bytes, 8);
  /** @type {string[][]} */
  let types = [];
  /** @type {number[]} */
  const functions = [];
  /** @type {{ name: string, kind: number, index: number }[]} */
  let exported = [];
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (section === TYPE) {
      types = reader.list(() => {
        if (reader.byte() !== 0x60) throw new Error("a type that is no function");
        reader.list(() => reader.byte());
        return reader.list(() => VALUE_TYPES.get(reader.byte()) ?? "other");
      });
    } else if (section === IMPORT) {
      reader.list(() => {
        reader.name();
        reader.name();
        const kind = reader.byte();
        if (kind === 0) functions.push(reader.number());
        // A table has a type and limits, a memory limits, a global or a tag two bytes.
        if (kind === 1) reader.byte();
        if (kind === 1 || kind === 2) reader.limits();
        if (kind >= 3) reader.at += 2;
      });
    } else if (section === FUNCTION) {
      functions.push(...reader.list(() => reader.number()));
    } else if (section === EXPORT) {
      exported = reader.list(() => ({ name: reader.name(), kind: reader.byte(), index: reader.number() }));
    }
    reader.at = end;
  }
  return exported
    .filter(({ kind }) => kind === 0)
    .map(({ name, index }) => ({ name, results: types[functions[index]] }));
}
