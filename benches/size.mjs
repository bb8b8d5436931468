// What a client weighs: as npm unpacks it, and bundled into a program that constructs it, which is what a
// page or an edge function loads.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { titles } from "./clients.mjs";
import { number, times } from "./report.mjs";

const packages = { ours: "agentphone-wasm", official: "agentphone" };

const require = createRequire(import.meta.url);

/** What `npm pack` would put into the tarball; nothing is written and no script is run. */
const unpacked = (name) => {
  const folder = dirname(require.resolve(`${name}/package.json`));
  const args = ["pack", folder, "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const [{ unpackedSize, entryCount, size }] = JSON.parse(
    execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  );
  return { bytes: unpackedSize, files: entryCount, tarball: size };
};

const bundled = async (name) => {
  const entry = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  const options = { bundle: true, minify: true, format: "esm", write: false, logLevel: "error" };
  const { outputFiles } = await build({ ...options, entryPoints: [entry] });
  const [{ contents }] = outputFiles;
  return { bytes: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
};

/** Bytes and files of both packages. */
export const measure = async () => {
  const figures = {};
  for (const [name, module] of Object.entries(packages)) {
    figures[name] = { unpacked: unpacked(module), bundled: await bundled(name) };
  }
  return figures;
};

export const tables = ({ ours, official }) => {
  const row = (title, of, format) => [title, format(of(ours)), format(of(official)), times(of(official), of(ours))];
  const kilobytes = (bytes) => `${number(bytes / 1000)} kB`;
  return [
    {
      title: "Size",
      head: ["", titles.ours, titles.official, "official / ours"],
      rows: [
        row("npm tarball", (of) => of.unpacked.tarball, kilobytes),
        row("unpacked", (of) => of.unpacked.bytes, kilobytes),
        row("files", (of) => of.unpacked.files, (count) => number(count, 0)),
        row("bundled and minified", (of) => of.bundled.bytes, kilobytes),
        row("bundled and minified, gzip", (of) => of.bundled.gzip, kilobytes),
      ],
      notes: ["Bundled by esbuild as an ES module for browsers; ours holds its .wasm inside, as text."],
    },
  ];
};
