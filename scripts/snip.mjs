// Takes the texts of panics out of the module. On this target a panic formats a message, finds that
// there is nowhere to write it, and traps; here it traps at once. The compiler has a switch for it
// (`panic = "immediate-abort"`) that stable Rust does not offer, so the functions that never return are
// emptied in the linked module, by name, and `wasm-opt` drops all that only they used.

import { readFileSync, writeFileSync } from "node:fs";

/** Functions of the standard library that never return. Hashes of crates and functions are left out. */
const NEVER_RETURN = [
  /^core::panicking::/,
  /^std::panicking::/,
  /^__rustc::(rust_panic|__rust_abort|__rust_start_panic|__rust_alloc_error_handler|rust_begin_unwind)$/,
  /^core::(option|result)::(expect_failed|unwrap_failed)$/,
  /^core::cell::panic_already_(mutably_)?borrowed$/,
  /^core::cell::lazy::panic_poisoned$/,
  /^core::(slice|str)::.*_fail(_rt|_ct)?$/,
  /^std::thread::local::panic_access_error$/,
  /^std::alloc::(rust_oom|default_alloc_error_hook|handle_alloc_error)/,
  /^alloc::alloc::handle_alloc_error$/,
  /^alloc::raw_vec::(capacity_overflow|handle_error)$/,
  /^<alloc::vec::Vec<_, _>>::(insert_mut|remove|swap_remove)::assert_failed$/,
];

/** What formats text and what a panic carries. Only tables of methods name them once panics are empty. */
const FORMATS = [
  /^core::fmt::/,
  /^<core::fmt::/,
  / as core::fmt::(Debug|Display|Write|LowerHex|UpperHex)>::/,
  / as core::panic::PanicPayload>::/,
  / as core::any::Any>::type_id$/,
];

/** Texts of the standard library that only panics say. */
const PANIC_TEXTS = [
  "assertion failed: self.is_char_boundary(new_len)", "LazyCell instance has previously been poisoned",
  "attempt to divide by zero", "`async fn` resumed after completion", "RefCell already mutably borrowed",
  "RefCell already borrowed", "rwlock overflowed read locks", "capacity overflow", "reentrant init",
  "cannot access a Thread Local Storage value during or after destruction: ", " out of range for slice of length ",
  "range start index ", "range end index ", "slice index starts at ", " but ends at ", "insertion index (is ",
  "removal index (is ", "assertion `left ", "internal error: entered unreachable code", "mid > len", "AccessError",
  "rwlock has not been locked for reading", "copy_from_slice: source slice length (", ") does not match destination slice length (",
];

/** The digits that its formatting of numbers writes. */
const DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0")).join("");

const UNREACHABLE = [3, 0, 0x00, 0x0b];

/** A reader of LEB128 numbers and names. @param {Uint8Array} bytes @param {number} at */
const reader = (bytes, at = 0) => {
  const self = {
    at,
    number() {
      let [value, shift, byte] = [0, 0, 0];
      do {
        byte = bytes[self.at++];
        value += (byte & 127) * 2 ** shift;
        shift += 7;
      } while (byte & 128);
      return value;
    },
    text() {
      const length = self.number();
      self.at += length;
      return Buffer.from(bytes.subarray(self.at - length, self.at)).toString();
    },
  };
  return self;
};

/** @param {number} value */
const leb = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
};

/** @param {Uint8Array} bytes @returns {{ id: number, name: string, start: number, body: number, end: number }[]} */
const sectionsOf = (bytes) => {
  const sections = [];
  const read = reader(bytes, 8);
  while (read.at < bytes.length) {
    const start = read.at;
    const id = bytes[read.at++];
    const length = read.number();
    const end = read.at + length;
    const name = id === 0 ? read.text() : "";
    sections.push({ id, name, start, body: read.at, end });
    read.at = end;
  }
  return sections;
};

/** How many functions are imported: they come first in the numbering. @param {Uint8Array} bytes @param {number} at */
const importedFunctions = (bytes, at) => {
  const read = reader(bytes, at);
  let functions = 0;
  for (let left = read.number(); left > 0; left--) {
    read.text();
    read.text();
    const kind = bytes[read.at++];
    if (kind !== 0) throw new Error(`an import of kind ${kind}: only functions are expected`);
    read.number();
    functions += 1;
  }
  return functions;
};

/** @param {Uint8Array} bytes @param {{ body: number, end: number }} section */
const functionNames = (bytes, { body, end }) => {
  const names = new Map();
  const read = reader(bytes, body);
  while (read.at < end) {
    const kind = bytes[read.at++];
    const next = read.number() + read.at;
    if (kind === 1) for (let left = read.number(); left > 0; left--) names.set(read.number(), read.text());
    read.at = next;
  }
  return names;
};

/** `core[7cd05f7ffa3501]::x::h0123456789abcdef` is `core::x`. @param {string} name */
export const plain = (name) => name.replace(/\[[0-9a-f]{8,}\]/g, "").replace(/::h[0-9a-f]{16}$/, "").replace(/\[\d+\]$/, "");

/** @param {string} name @param {RegExp[]} patterns */
const isOf = (name, patterns) => patterns.some((pattern) => pattern.test(name));

/** True for a function that ends in a panic, whatever it is given. @param {string} name */
export const neverReturns = (name) => isOf(plain(name), NEVER_RETURN);

/** The data section without what panics would have said. @param {Uint8Array} bytes @param {{ start: number, end: number }} data @param {string[]} texts */
const withoutTexts = (bytes, { start, end }, texts) => {
  // As long as before, so that nothing moves; what is all zero packs to nothing.
  let text = Buffer.from(bytes.subarray(start, end)).toString("latin1");
  const empty = (/** @type {string} */ found) => "\0".repeat(found.length);
  text = text.replace(/(?:\/rustc\/|\/cargo\/|src\/)[\w./-]+\.rs/g, empty);
  for (const said of texts) text = text.replaceAll(said, empty);
  return Buffer.from(text, "latin1");
};

/** @param {number} id @param {Uint8Array} body */
const section = (id, body) => Buffer.concat([Buffer.from([id, ...leb(body.length)]), body]);

/** The element section with other functions in the place of some. @param {Uint8Array} bytes @param {number} at @param {(f: number) => number} other */
const elements = (bytes, at, other) => {
  const read = reader(bytes, at);
  const count = read.number();
  const out = [...leb(count)];
  for (let i = 0; i < count; i++) {
    const start = read.at;
    const flags = read.number();
    if (flags !== 0 && flags !== 2) throw new Error(`an element segment of kind ${flags}: only active ones are expected`);
    if (flags === 2) read.number();
    // The offset: i32.const, a number, end.
    if (bytes[read.at++] !== 0x41) throw new Error("an element segment whose offset is no constant");
    read.number();
    read.at += flags === 2 ? 2 : 1;
    out.push(...bytes.subarray(start, read.at));
    const length = read.number();
    out.push(...leb(length));
    for (let left = length; left > 0; left--) out.push(...leb(other(read.number())));
  }
  return Buffer.from(out);
};

/** @param {Uint8Array} bytes @param {number} at @param {(f: number) => boolean} empty Functions by their place */
const bodies = (bytes, at, empty) => {
  const read = reader(bytes, at);
  const count = read.number();
  const out = [Buffer.from(leb(count))];
  for (let i = 0; i < count; i++) {
    const start = read.at;
    const length = read.number();
    read.at += length;
    out.push(empty(i) ? Buffer.from(UNREACHABLE) : bytes.subarray(start, read.at));
  }
  return Buffer.concat(out);
};

/**
 * Empties the functions that never return, and takes what formats text out of the tables, unless the module
 * formats text of its own.
 * @param {string} from A module with its names @param {string} to @param {{ formats?: boolean }} [own]
 */
export const snipPanics = (from, to, { formats = false } = {}) => {
  const bytes = readFileSync(from);
  const sections = sectionsOf(bytes);
  const find = (/** @type {number} */ id, name = "") => {
    const found = sections.find((section) => section.id === id && section.name === name);
    if (!found) throw new Error(`${from} has no section ${id} ${name}`);
    return found;
  };
  const [imports, table, code, data] = [find(2), find(9), find(10), find(11)];
  const first = importedFunctions(bytes, imports.body);
  const names = functionNames(bytes, find(0, "name"));
  const name = (/** @type {number} */ f) => plain(names.get(f) ?? "");
  const trap = [...names.keys()].find((f) => isOf(name(f), NEVER_RETURN));
  if (trap === undefined) throw new Error(`${from} names no function that never returns`);
  const newTable = elements(bytes, table.body, (f) => (!formats && isOf(name(f), FORMATS) ? trap : f));
  const newCode = bodies(bytes, code.body, (i) => isOf(name(first + i), NEVER_RETURN));
  const parts = [bytes.subarray(0, table.start), section(9, newTable), bytes.subarray(table.end, code.start), section(10, newCode)];
  parts.push(bytes.subarray(code.end, data.start), withoutTexts(bytes, data, formats ? PANIC_TEXTS : [...PANIC_TEXTS, DIGITS]), bytes.subarray(data.end));
  writeFileSync(to, Buffer.concat(parts));
};

/** The functions of a module with names that format text: in one without panics there must be none. @param {string} module */
export const formatting = (module) => {
  const bytes = readFileSync(module);
  const names = sectionsOf(bytes).find((section) => section.id === 0 && section.name === "name");
  return names ? [...functionNames(bytes, names).values()].map(plain).filter((name) => isOf(name, FORMATS)) : [];
};
