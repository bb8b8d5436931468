// The size of a client: as npm unpacks it, and bundled into a program that constructs it, which is what a page or
// an edge function loads.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { titles } from "./clients.mjs";
import { number, times } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const packages = { ours: "agentphone-wasm", official: "agentphone" };

const require = createRequire(import.meta.url);

/** What `npm pack` would put into the tarball. Nothing is written and no script runs. */
const unpacked = (/** @type {string} */ name) => {
  const folder = dirname(require.resolve(`${name}/package.json`));
  const args = ["pack", folder, "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const [{ unpackedSize, entryCount, size }] = JSON.parse(
    execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  );
  return { bytes: unpackedSize, files: entryCount, tarball: size };
};

const bundled = async (/** @type {string} */ name) => {
  const entry = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
    entryPoints: [entry],
  });
  const [{ contents }] = outputFiles;
  return { bytes: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
};

/** Bytes and files of both packages. */
export const measure = async () => {
  /** @type {Record<string, Foreign>} */
  const figures = {};
  for (const [name, module] of Object.entries(packages)) {
    figures[name] = { unpacked: unpacked(module), bundled: await bundled(name) };
  }
  return figures;
};

export const tables = (/** @type {Foreign} */ { ours, official }) => {
  const row = (/** @type {string} */ title, /** @type {Foreign} */ of, /** @type {Foreign} */ format) => [
    title,
    format(of(ours)),
    format(of(official)),
    times(of(official), of(ours)),
  ];
  const kilobytes = (/** @type {number} */ bytes) => `${number(bytes / 1000)} kB`;
  return [
    {
      title: "Size",
      head: ["", titles.ours, titles.official, "official / ours"],
      rows: [
        row("npm tarball", (/** @type {Foreign} */ of) => of.unpacked.tarball, kilobytes),
        row("unpacked", (/** @type {Foreign} */ of) => of.unpacked.bytes, kilobytes),
        row(
          "files",
          (/** @type {Foreign} */ of) => of.unpacked.files,
          (/** @type {number} */ count) => number(count, 0),
        ),
        row("bundled and minified", (/** @type {Foreign} */ of) => of.bundled.bytes, kilobytes),
        row("bundled and minified, gzip", (/** @type {Foreign} */ of) => of.bundled.gzip, kilobytes),
      ],
      notes: ["Bundled by esbuild as an ES module for browsers; ours holds its .wasm inside, as text."],
    },
  ];
};
