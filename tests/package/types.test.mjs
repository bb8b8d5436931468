// The types as users get them: packed, looked at by the two checkers that everybody judges a package by, and compiled
// against by each TypeScript from 5.4 to the newest, in each way to resolve a module, with the declarations of the
// package checked as well. Nothing is excepted: an ignore list is where the next fault hides.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { compilers, install, load, pack, tsc, typeTools } from "../support/type-tools.mjs";

const folder = mkdtempSync(join(tmpdir(), "agentphone-types-"));
const root = fileURLToPath(new URL("../..", import.meta.url));
const consumer = fileURLToPath(new URL("../types/consumer", import.meta.url));
const newest = compilers.at(-1);

/** @type {string} */
let tarball;
before(
  () => {
    tarball = pack(folder);
    install(folder, tarball);
    cpSync(consumer, folder, { recursive: true });
    symlinkSync(join(typeTools(), "node_modules", "@types"), join(folder, "node_modules", "@types"));
    symlinkSync(join(root, "node_modules", "@opentelemetry"), join(folder, "node_modules", "@opentelemetry"));
  },
  { timeout: 300_000 },
);
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the checkers find nothing", () => {
  test("publint, strictly", async () => {
    const { publint } = await load("publint");
    const { formatMessage } = await load("publint/utils");
    const { buffer, byteOffset, length } = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: buffer.slice(byteOffset, byteOffset + length) },
      strict: true,
    });
    assert.deepEqual(
      messages.map((/** @type {string} */ message) => formatMessage(message, pkg, { color: false })),
      [],
    );
  });

  test("are the types wrong? not of any entry, in any resolution", async () => {
    const { checkPackage, createPackageFromTarballData } = await load("@arethetypeswrong/core");
    const { types, entrypoints, problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    assert.deepEqual(types, { kind: "included" });
    const { exports } = JSON.parse(
      readFileSync(join(folder, "node_modules", "agentphone-wasm", "package.json"), "utf8"),
    );
    assert.deepEqual(Object.keys(entrypoints).sort(), Object.keys(exports).sort());
    assert.deepEqual(problems, []);
  });
});

/** Checked with the programs are the declarations of the package and Node's, but not TypeScript's own. */
const checks = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  skipDefaultLibCheck: true,
};
const libraries = {
  "with DOM": () => ({ lib: ["es2022", "dom", "dom.iterable"], types: [] }),
  // Node's declarations take three times as long to check as all else, and once a compiler is enough.
  "with @types/node": (/** @type {string} */ resolution) => ({
    lib: ["es2022"],
    types: ["node"],
    skipLibCheck: resolution !== "nodenext",
  }),
  "of a worker": () => ({ lib: ["es2022", "webworker", "webworker.iterable"], types: [] }),
};
const resolutions = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
};

let count = 0;
/** Compiles the programs; gives what the compiler says. */
const compiled = (
  /** @type {string | undefined} */ version,
  /** @type {{ lib: string[], types: never[] | never[], module: string, moduleResolution: string, customConditions?: string[] }} */ options,
  files = ["program.ts", "required.cts", "imported.mts"],
) => {
  const project = `tsconfig.${count++}.json`;
  const compilerOptions = { target: "es2022", noEmit: true, ...checks, ...options };
  writeFileSync(join(folder, project), JSON.stringify({ compilerOptions, files }));
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc(version ?? ""), "-p", project], { cwd: folder }, (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}` || error.message : "");
    });
  });
};

/** The oldest, the last that knows the resolution of Node 10, and the newest are tried in every way, the others in the two usual ones. */
const thorough = [compilers[0], compilers.findLast((version) => version.startsWith("5.")), newest];

for (const version of compilers) {
  // TypeScript 6 gives up the resolution of Node 10, which knows no `exports`: `typesVersions` serve it.
  const node10 = version.startsWith("5.")
    ? { node10: { module: "commonjs", moduleResolution: "node10", esModuleInterop: true } }
    : {};
  const { nodenext, bundler } = resolutions;
  const all = thorough.includes(version);
  describe(`TypeScript ${version}`, { concurrency: 2 }, () => {
    for (const [resolution, how] of Object.entries(all ? { ...resolutions, ...node10 } : { nodenext, bundler })) {
      for (const [library, what] of Object.entries(all ? libraries : { "with DOM": libraries["with DOM"] })) {
        // Who writes for workers bundles.
        if (library === "of a worker" && resolution !== "bundler") continue;
        test(`${resolution}, ${library}`, async () =>
          assert.equal(await compiled(version, { ...how, ...what(resolution) }), ""));
      }
    }
    test("`using`, with the library that has it", async () => {
      const lib = ["es2022", "esnext.disposable", "dom"];
      assert.equal(await compiled(version, { ...resolutions.nodenext, lib, types: [] }, ["using.mts"]), "");
    });
  });
}

describe("every condition of the exports leads to types", { concurrency: 2 }, () => {
  for (const condition of ["workerd", "edge-light", "deno", "bun", "react-native", "module", "browser"]) {
    test(condition, async () => {
      const options = { ...resolutions.bundler, ...libraries["of a worker"](), customConditions: [condition] };
      assert.equal(await compiled(newest, options), "");
    });
  }
});
