// Embeds a module in JavaScript as text, one or two ASCII characters per byte. Base64 encodes three bytes as four
// characters, so that repetitions in the module are lost in the text, and its gzip is a quarter larger than the
// module's; this text's is not. Frequent bytes are one character each; all others are an escape and one more.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { alphabet, ESCAPES } from "./decode-wasm.mjs";

/**
 * The text: 256 digits, of which a 1 marks a byte that is one character, and then the bytes. Characters are assigned to
 * those bytes, and pairs to the others, in ascending order.
 * @param {Uint8Array} bytes
 */
export const encode = (bytes) => {
  const characters = alphabet().map((code) => String.fromCharCode(code));
  const single = characters.slice(ESCAPES);
  const pairs = characters.slice(0, ESCAPES).flatMap((lead) => characters.map((one) => lead + one));
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  const frequent = [...counts.keys()].sort((a, b) => counts[b] - counts[a]).slice(0, single.length);
  const flags = counts.map((_, byte) => frequent.includes(byte));
  const [ones, twos] = [single.values(), pairs.values()];
  const written = flags.map((flag) => (flag ? ones : twos).next().value);
  return flags.map(Number).join("") + Array.from(bytes, (byte) => written[byte]).join("");
};

/**
 * Converts an ES module without imports to CommonJS. esbuild's own conversion iterates over the exports with `for…in`,
 * and fails where something has extended `Object.prototype`. @param {string} code
 */
export const asCommonJs = (code) => {
  const at = code.lastIndexOf("export{");
  const names = code
    .slice(at + 7, code.indexOf("}", at))
    .split(",")
    .map((one) =>
      one
        .trim()
        .split(/\s+as\s+/)
        .reverse(),
    );
  return `"use strict";${code.slice(0, at)}module.exports={${names.map(([name, local = name]) => `${name}:${local}`).join(",")}};\n`;
};

/** esbuild plugin: the same for a CommonJS file with imports, where `for…in` is limited to own names. @type {import("esbuild").Plugin} */
export const withOwnNames = {
  name: "own names alone",
  setup({ onEnd, initialOptions: { outfile = "" } }) {
    onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const code = readFileSync(outfile, "utf8");
      const edited = code.replace(/for\(var (\w+) in (\w+)\)(?=\s*\w+\()/, "for(var $1 of Object.keys($2))");
      if (edited === code) throw new Error(`${outfile} has no \`for…in\` over its exports`);
      writeFileSync(outfile, edited);
    });
  },
};

/**
 * esbuild plugin: importing a .wasm file gives a function that returns its bytes, so that nothing is decoded at import.
 * The text is inserted afterwards, because esbuild breaks a literal at the line limit, which again interrupts
 * repetitions. It is on a line where no error can occur, because Node prints the whole line of an error.
 * @type {import("esbuild").Plugin}
 */
export const inlined = {
  name: "module as text",
  setup({ onLoad, onEnd, initialOptions }) {
    const texts = new Map();
    onLoad({ filter: /\.wasm$/ }, ({ path }) => {
      const bytes = readFileSync(path);
      const place = `text of ${basename(path)}`;
      texts.set(JSON.stringify(place), `\n"${encode(bytes)}"\n`);
      const from = JSON.stringify(fileURLToPath(new URL("decode-wasm.mjs", import.meta.url)));
      return {
        contents: `import { decode } from ${from};\nexport default () => decode("${place}", ${bytes.length});\n`,
        loader: "js",
      };
    });
    onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const { outfile = "" } = initialOptions;
      let code = readFileSync(outfile, "utf8");
      for (const [place, text] of texts) {
        const [before, after, more] = code.split(place);
        if (after === undefined || more !== undefined) throw new Error(`the bundle does not hold ${place} once`);
        code = before + text + after;
      }
      writeFileSync(outfile, code);
    });
  },
};
