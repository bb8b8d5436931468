// The client's `[Symbol.dispose]` is declared for those whose library has the symbol, and breaks nobody's compilation
// whose library has not: a plain declaration is TS2550 for them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { folder, root } from "../../scripts/tools.mjs";

const out = folder("target", "disposal-types");
after(() => rmSync(out, { recursive: true, force: true }));

/** The newest compiler, and the one that the type tests bring. */
const COMPILERS = [
  join(root, "node_modules", ".bin", "tsc"),
  join(root, "tests", "types", "node_modules", ".bin", "tsc"),
];

const compiles = (/** @type {string} */ name, /** @type {string} */ code, /** @type {string[]} */ lib) => {
  writeFileSync(join(out, `${name}.ts`), `import { AgentPhone } from "agentphone-wasm";\n${code}\n`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2022",
    lib,
    module: "nodenext",
    moduleResolution: "nodenext",
    types: [],
    skipLibCheck: false,
  };
  writeFileSync(join(out, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  for (const compiler of COMPILERS) {
    const { status, stdout } = spawnSync(compiler, ["-p", join(out, `${name}.json`)], { encoding: "utf8" });
    assert.equal(status, 0, `${compiler}: ${stdout}`);
  }
};

test("`using` works with the library that has it", () => {
  compiles(
    "using",
    "{ using client = new AgentPhone(); await client.calls.get('a'); }\n// @ts-expect-error\nnew AgentPhone().nonsense;",
    ["es2022", "dom", "esnext.disposable"],
  );
});

test("`await using` closes transcripts and lists, `using` lets go of recordings, and `yield*` hands on", () => {
  compiles(
    "await-using",
    `
    const client = new AgentPhone();
    {
      await using stream = client.calls.transcript.stream("c");
      await using pages = client.agents.list().pages();
      using recording = await client.calls.recording.get("c");
    }
    export async function* turns() {
      const stream = client.calls.transcript.stream("c");
      yield* stream;
      await stream.throw(new Error());
    }`,
    ["es2022", "dom", "esnext.disposable"],
  );
});

test("without it the types compile, and `dispose()` is there", () => {
  compiles("plain", "new AgentPhone().dispose();\n// @ts-expect-error\nnew AgentPhone().nonsense;", ["es2022", "dom"]);
});
