// Writes THIRD-PARTY-NOTICES.txt: the third-party code in the package, with licences. It is made from what cargo
// links into the modules, so that no dependency is forgotten: an unknown licence or a missing licence text fails
// the build.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, run } from "./tools.mjs";

const target = "wasm32-unknown-unknown";

/**
 * How the package's modules are built, as far as it affects which crates are linked (`build-module.mjs`,
 * `sandbox/build.mjs`).
 */
const modules = {
  client: ["--package", "agentphone-wasm", "--features", "small-allocator"],
  webhooks: ["--package", "agentphone-wasm", "--no-default-features", "--features", "small-allocator"],
  sandbox: ["--package", "agentphone-sandbox"],
};

/**
 * Accepted licences, best first, with the file that contains each. Those with the crate's own copyright line come
 * before Apache-2.0, whose text is the same for all.
 */
const licences = [
  { id: "MIT", file: /^LICENSE[-.]MIT/i },
  { id: "Zlib", file: /^LICENSE[-.]ZLIB/i },
  { id: "Unicode-3.0", file: /^LICENSE[-.]UNICODE/i },
  { id: "Apache-2.0", file: /^LICENSE[-.]APACHE/i },
];

/** Third-party code in the modules and bundles that is not a crate of the lock file. */
const others = () => [
  {
    name: "The Rust standard library",
    version: releaseOfRust(),
    texts: [{ id: "MIT", text: readFileSync(join(root, "scripts", "notices", "rust.txt"), "utf8") }],
  },
  {
    name: "libphonenumber (time zones of area codes)",
    version: releaseOfAreaCodes(),
    texts: [{ id: "Apache-2.0", text: "The text is in LICENSE-APACHE, beside this file." }],
  },
  {
    name: "esbuild (helper functions in the bundles)",
    version: JSON.parse(readFileSync(join(root, "node_modules", "esbuild", "package.json"), "utf8")).version,
    texts: [{ id: "MIT", text: readFileSync(join(root, "node_modules", "esbuild", "LICENSE.md"), "utf8") }],
  },
];

const releaseOfRust = () => /channel = "(.*)"/.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"))?.[1] ?? "";

/** The release of libphonenumber whose tables were taken (`scripts/zones`). */
const releaseOfAreaCodes = () =>
  /release ([\d.]+)\.$/m.exec(readFileSync(join(root, "src", "js", "policy", "area-codes.js"), "utf8"))?.[1] ?? "";

const cargo = (/** @type {string[]} */ ...args) => run("cargo", args, { quiet: true });

/** Third-party crates that cargo links into the modules: `name version`, sorted. */
export const linkedCrates = () => {
  const tree = [
    "tree",
    "--locked",
    "--target",
    target,
    "--edges",
    "normal,no-proc-macro",
    "--prefix",
    "none",
    "--format",
    "{p}",
  ];
  const lines = Object.values(modules).flatMap((flags) =>
    cargo(...tree, ...flags)
      .trim()
      .split("\n"),
  );
  // Crates listed with a local folder are our own.
  const names = lines
    .filter((line) => !/ \(\/| \([A-Z]:/.test(line))
    .map((line) => line.replace(/ \(.*\)$/, "").replace(" v", " "));
  return [...new Set(names)].sort();
};

/**
 * The licences under which the crate is used: one from each choice.
 * @param {string} expression an SPDX expression of ORs inside ANDs; older crates write a slash for OR
 * @param {string} crate
 */
const chosen = (expression, crate) =>
  expression
    .replaceAll("/", " OR ")
    .split(/ AND (?![^(]*\))/)
    .map((choice) => {
      const offered = choice
        .replaceAll(/[()]/g, "")
        .split(" OR ")
        .map((id) => id.trim());
      const found = licences.find(({ id }) => offered.includes(id));
      if (!found)
        throw new Error(`${crate} is licensed as ${expression}: scripts/notices.mjs and deny.toml do not know it`);
      return { ...found, alone: offered.length === 1, apache: offered.includes("Apache-2.0") };
    });

/** A licence text from the crate's own files. @param {string} folder @param {ReturnType<typeof chosen>[number]} licence @param {string} crate */
const textOf = (folder, { id, file, alone, apache }, crate) => {
  const files = readdirSync(folder);
  const name =
    files.find((name) => file.test(name)) ??
    (alone ? files.find((name) => /^(LICENSE|LICENCE|COPYING)(\.md|\.txt)?$/i.test(name)) : undefined);
  if (name) return { id, text: readFileSync(join(folder, name), "utf8") };
  // Without its own licence file there is no copyright line to repeat, and Apache-2.0 requires none.
  if (apache) return { id: "Apache-2.0", text: "The text is in LICENSE-APACHE, beside this file." };
  throw new Error(`${crate} has no text of its licence ${id}: scripts/notices.mjs cannot repeat it`);
};

/** The linked crates with their licence texts. */
const crates = () => {
  /** @type {{ packages: { name: string, version: string, license?: string, manifest_path: string }[] }} */
  const { packages } = JSON.parse(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target));
  return linkedCrates().map((crate) => {
    const [name, version] = crate.split(" ");
    const found = packages.find((each) => each.name === name && each.version === version);
    if (!found) throw new Error(`cargo metadata does not know ${crate}`);
    const folder = dirname(found.manifest_path);
    const texts = chosen(found.license ?? "none", crate).map((licence) => textOf(folder, licence, crate));
    const notice = ["NOTICE", "NOTICE.txt", "NOTICE.md"].map((file) => join(folder, file)).find(existsSync);
    if (notice) texts.push({ id: "its NOTICE", text: readFileSync(notice, "utf8") });
    return {
      name: name === "wasm-bindgen" ? "wasm-bindgen (and the JavaScript that its tool writes)" : name,
      version,
      texts,
    };
  });
};

/** Splits a text into its individual title and copyright lines, and the conditions that many share. */
const parts = (/** @type {string} */ text) => {
  const body = text.search(/^(Permission is hereby granted|This software is provided)/m);
  const head = body > 0 ? text.slice(0, body) : "";
  return {
    copyright: head
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /^(copyright|©)/i.test(line)),
    conditions: (body > 0 ? text.slice(body) : text).replaceAll("\r\n", "\n").trimEnd(),
  };
};

/** The content of the file: each text once, below the crates that use it. */
export const notices = () => {
  const groups = new Map();
  for (const { name, version, texts } of [...others(), ...crates()]) {
    for (const { id, text } of texts) {
      const { copyright, conditions } = parts(text);
      const key = `${id} ${conditions.replaceAll(/[^A-Za-z0-9]+/g, " ").toLowerCase()}`;
      if (!groups.has(key)) groups.set(key, { id, conditions, users: [] });
      groups.get(key).users.push([`${name} ${version}`, ...copyright.map((line) => `    ${line}`)].join("\n"));
    }
  }
  const rule = "-".repeat(80);
  const sections = [...groups.values()].map(
    ({ id, conditions, users }) => `${rule}\n${users.join("\n")}\n\n${id}:\n\n${conditions}\n`,
  );
  return `Third-party notices of agentphone-wasm\n\nThe package contains code of the following projects, in compiled or bundled form, under the licence that stands\nbelow each group. Licences of agentphone-wasm itself: LICENSE-MIT, LICENSE-APACHE.\n\n${sections.join("\n")}`;
};
