// What documents point at. Files move, and a page that sends its reader to nothing is worse than none.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const git = (/** @type {string[]} */ ...args) =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
    .split("\n")
    .filter(Boolean);
const tracked = new Set(git("ls-files", "-co", "--exclude-standard"));
const exists = (/** @type {string} */ path) =>
  tracked.has(path) || [...tracked].some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`));
const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8");
/** The reference is generated, and as long as all the rest. */
const pages = [...tracked].filter((file) => file.endsWith(".md") && !file.startsWith("tests/types/api/"));

/** A page without its programs. */
const prose = (/** @type {string} */ text) => text.replaceAll(/^( *)```.*?^\1```$/gms, "");

/** The anchors of a page, as GitHub makes them of its headings. */
const anchors = (/** @type {string} */ text) => {
  const seen = new Map();
  return new Set(
    [...prose(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
};

/** The links of a page that lead to nothing. */
const broken = (/** @type {string} */ page, /** @type {string} */ text) =>
  [...prose(text).matchAll(/\]\((?![a-z]+:)([^)\s]*)[^)]*\)/g)]
    .map(([, link]) => link)
    .filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : posix.normalize(posix.join(posix.dirname(page), path));
      if (!exists(target)) return true;
      return anchor !== undefined && !anchors(target === page ? text : read(target)).has(decodeURIComponent(anchor));
    });

/** Folders of this repository, without those that are built. */
const FOLDERS = /^(src|sandbox|cli|tests|benches|scripts|docs|contract|pkg|www|\.github|\.cargo)\//;
const BUILT = /^(pkg|sandbox|cli|www)\/dist|^pkg\/(README|CHANGELOG|LICENSE|THIRD-PARTY|docs\/sandbox)|[*…<]/;

/** The paths of the repository that a page names in code. */
const paths = (/** @type {string} */ text) =>
  [...prose(text).matchAll(/`([^`\s]+)`/g)]
    .map(([, path]) => path)
    .filter((path) => FOLDERS.test(path) && !BUILT.test(path));

test("no link of a document leads to a file or a heading that is not there", () => {
  assert.ok(pages.length >= 20, `${pages.length} pages`);
  assert.deepEqual(
    pages.flatMap((page) => broken(page, read(page)).map((link) => `${page}: ${link}`)),
    [],
  );
});

test("no document names a path that is not there", () => {
  // What happened to a file that is gone belongs into the changelog.
  const found = pages
    .filter((page) => page !== "CHANGELOG.md")
    .flatMap((page) => paths(read(page)).map((path) => [page, path]));
  assert.ok(found.length > 100, `${found.length} paths`);
  assert.deepEqual(
    found
      .filter(([page, path]) => !exists(path) && !exists(posix.join(posix.dirname(page), path)))
      .map((pair) => pair.join(": ")),
    [],
  );
});

test("no document names a test or a source in Rust, without its folder, that is not there", () => {
  const names = new Set([...tracked].map((file) => posix.basename(file)));
  const found = pages
    .filter((page) => page !== "CHANGELOG.md")
    .flatMap((page) =>
      [...prose(read(page)).matchAll(/`([\w*-]+\.(?:test\.mjs|rs))`/g)].map(([, name = ""]) => [page, name]),
    );
  assert.ok(found.length > 20, `${found.length} names`);
  const isThere = (/** @type {string} */ name) => {
    const pattern = new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
    return [...names].some((one) => pattern.test(one));
  };
  assert.deepEqual(
    found.filter(([, name = ""]) => !isThere(name)).map((pair) => pair.join(": ")),
    [],
  );
});

test("no document and no comment names an npm script or a suite that is not there", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const plan = read("scripts/test-plan.mjs");
  const found = git(
    "grep",
    "-noIE",
    "npm (run [a-z][a-z:-]*|test -- [a-z ]+)",
    "--",
    ":!CHANGELOG.md",
    ":!tests/docs/links.test.mjs",
  );
  assert.ok(found.length > 50, `${found.length} mentions`);
  const wrong = found.filter((line) => {
    const [, script, suites = ""] = /npm (?:run ([a-z][a-z:-]*)|test -- ([a-z ]+))$/.exec(line) ?? [];
    if (script !== undefined) return !(script in scripts);
    return suites
      .trim()
      .split(/ +/)
      .some((suite) => !plan.includes(`"${suite}"`));
  });
  assert.deepEqual(wrong, []);
});

test("no comment sends its reader to a document that is not there", () => {
  const found = git(
    "grep",
    "-noIP",
    '(?<![a-z/])(docs/[a-z/0-9-]+|CONTRIBUTING|SECURITY)\\.md(, "[^"]+")?',
    "--",
    ":!*.md",
    ":!pkg/package.json",
    ":!tests/docs",
  );
  const wrong = found.filter((line) => {
    const [, page, , heading] = /:((?:docs\/[a-z/0-9-]+|CONTRIBUTING|SECURITY)\.md)(, "([^"]+)")?$/.exec(line) ?? [];
    // The package has the sandbox's README and the reference under these names.
    if (page === undefined || ["docs/sandbox.md", "docs/sandbox-recipes.md", "docs/reference.md"].includes(page))
      return false;
    return !tracked.has(page) || (heading !== undefined && !new RegExp(`^#+ ${heading}$`, "m").test(read(page)));
  });
  assert.ok(found.length > 5, `${found.length} mentions`);
  assert.deepEqual(wrong, []);
});

test("a dead link, a dead heading and a dead path are found", () => {
  const text =
    "# A page\n\n[a](nowhere.md), [b](#a-page), [c](#nowhere), [d](README.md), `src/nowhere.rs`, `src/lib.rs`\n";
  assert.deepEqual(broken("CONTRIBUTING.md", text), ["nowhere.md", "#nowhere"]);
  assert.deepEqual(
    paths(text).filter((path) => !exists(path)),
    ["src/nowhere.rs"],
  );
});

test("CONTRIBUTING.md fits a hundred lines, and no folder is missing from its map", () => {
  const text = read("CONTRIBUTING.md");
  assert.ok(text.split("\n").length <= 101, `${text.split("\n").length - 1} lines`);
  const [, map] = text.split(/^## Map$/m);
  const named = new Set(
    [...map.split(/^## /m)[0].matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => {
      const within = /in `([^`]+)`$/.exec(cell)?.[1];
      const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      return within === undefined ? names : names.filter((name) => name !== within).map((name) => `${within}/${name}`);
    }),
  );
  const folders = (/** @type {number} */ depth, /** @type {string} */ under) => [
    ...new Set(
      [...tracked]
        .filter((file) => file.startsWith(under) && file.split("/").length > depth)
        .map((file) => file.split("/").slice(0, depth).join("/")),
    ),
  ];
  const whole = folders(1, "").filter((folder) => !["src", "tests", ".ci"].includes(folder));
  assert.deepEqual(
    [...whole, ...folders(2, "src/"), ...folders(2, "tests/")].filter((folder) => !named.has(folder)),
    [],
  );
});

test("a call is followed through at most eight files, and each has the functions that the page sends its reader to", () => {
  const [, walk] = read("docs/architecture.md").split(/^## The life of a call$/m);
  const rows = [...walk.split(/^## /m)[0].matchAll(/^\| \d \| `([^`]+)` \| ([^|]+) \|/gm)];
  assert.ok(rows.length >= 5 && rows.length <= 8, `${rows.length} files`);
  const missing = rows.flatMap(([, file, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)]
      .map(([, name]) => name)
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(read(file)))
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(missing, []);
});
