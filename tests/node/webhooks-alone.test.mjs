// `agentphone-wasm/webhooks` does what the whole package does with webhooks (its tests run here once more, on this
// entry), and its module holds nothing of the client, so that a server that only receives loads 10 kB.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import * as whole from "agentphone-wasm";
import * as alone from "agentphone-wasm/webhooks";
import { root, targetDir } from "../../scripts/tools.mjs";
import { exportedResults } from "../support/wasm-exports.mjs";
import { deliver, SECRET } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

for (const file of [
  "webhooks-verify",
  "webhooks-duplicates",
  "webhooks-events",
  "webhooks-limits",
  "voice",
  "voice-models",
]) {
  await import(`./${file}.test.mjs?agentphone-wasm/webhooks`);
}

const dist = (/** @type {string} */ name) => readFileSync(join(root, "pkg", "dist", "webhooks", name));

describe("the two entries in one program", () => {
  const thrown = (/** @type {Foreign} */ api) => {
    try {
      return api.webhooks.verify({ body: "{}", headers: {}, secret: SECRET });
    } catch (error) {
      return error;
    }
  };

  for (const [name, mine, theirs] of [
    ["webhooks alone", alone, whole],
    ["the client", whole, alone],
  ]) {
    test(`an error of ${name} is known by the other, by is and by its classes`, () => {
      const error = thrown(mine);
      assert.ok(/** @type {Foreign} */ (theirs).AgentPhoneError.is(error));
      assert.ok(error instanceof /** @type {Foreign} */ (theirs).AgentPhoneError);
      assert.ok(error instanceof /** @type {Foreign} */ (theirs).WebhookVerificationError);
      assert.ok(!(error instanceof /** @type {Foreign} */ (theirs).InvalidArgumentError));
      assert.equal(
        /** @type {Foreign} */ (theirs).AgentPhoneError.fromPlain(error.toPlain()).reason,
        "missing_signature",
      );
    });
  }

  test("an error whose class only the client has is an AgentPhoneError here too, and no other", () => {
    const error = whole.AgentPhoneError.fromPlain(
      /** @type {Foreign} */ ({ name: "NotFoundError", code: "NOT_FOUND", message: "x" }),
    );
    assert.ok(error instanceof whole.NotFoundError);
    assert.ok(error instanceof alone.AgentPhoneError && alone.AgentPhoneError.is(error));
    assert.ok(!(error instanceof alone.InvalidArgumentError) && !(error instanceof alone.WebhookVerificationError));
    assert.equal(alone.AgentPhoneError.fromPlain(error.toPlain()).code, "NOT_FOUND");
  });

  test("an event that one has verified is known to the other's filter of duplicates", async () => {
    const event = alone.webhooks.verify({ ...deliver(), secret: SECRET, tolerance: Infinity });
    assert.deepEqual(whole.webhooks.verify({ ...deliver(), secret: SECRET, tolerance: Infinity }), event);
    const seen = whole.webhooks.deduplicate();
    assert.deepEqual([await seen(event), await seen(event)], [false, true]);
  });

  test("it exports what a server needs to receive, and nothing that the main entry has not", () => {
    assert.deepEqual(Object.keys(alone), [
      "AgentPhoneError",
      "InvalidArgumentError",
      "WebhookVerificationError",
      "voice",
      "webhooks",
    ]);
    assert.deepEqual(
      Object.keys(alone).filter((name) => !(name in whole)),
      [],
    );
    assert.deepEqual(Object.keys(alone.webhooks), Object.keys(whole.webhooks));
  });
});

describe("the module of webhooks alone", () => {
  const wasm = dist("webhooks.wasm");

  test("it and its glue weigh no more than 11.6 kB, packed", () => {
    const [module, glue] = [wasm, dist("core.js")].map((bytes) => gzipSync(bytes, { level: 9 }).length);
    assert.ok(module + glue <= 11_600, `${module} + ${glue} bytes`);
  });

  test("it asks its host for nothing but the table that every module of wasm-bindgen has", () => {
    const module = new WebAssembly.Module(wasm);
    assert.deepEqual(
      WebAssembly.Module.imports(module).map(({ kind }) => kind),
      ["function"],
    );
    assert.deepEqual(
      exportedResults(wasm)
        .flatMap(({ results }) => results)
        .filter((type) => /ref/.test(type)),
      [],
    );
  });

  test("no word of the client is in what the entry loads", () => {
    for (const file of ["webhooks.wasm", "core.js", "index.js", "index.cjs"]) {
      const text = dist(file).toString("latin1");
      for (const word of ["calls.create", "/v1/", "Retry-After", "apiKey", "RATE_LIMIT_EXCEEDED", "NotFoundError"])
        assert.ok(!text.includes(word), `${file} holds ${word}`);
    }
  });

  test("none of the client's crates is linked, and none of its sources compiled", () => {
    const args = [
      "tree",
      "--offline",
      "--package",
      "agentphone-wasm",
      "--target",
      "wasm32-unknown-unknown",
      "--edges",
      "normal",
      "--prefix",
      "none",
      "--format",
      "{lib}",
    ];
    const crates = (/** @type {(string | undefined)[]} */ ...flags) =>
      execFileSync("cargo", /** @type {Foreign} */ ([...args, ...flags]), {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }).split(/\W+/);
    const asynchronous = ["gloo_timers", "js_sys", "web_sys"];
    assert.deepEqual(
      asynchronous.filter((name) => !crates().includes(name)),
      [],
      "the client's crates have other names",
    );
    assert.deepEqual(
      crates("--no-default-features", "--features", "small-allocator").filter((name) => asynchronous.includes(name)),
      [],
    );
    const sources = readFileSync(join(targetDir(), "wasm32-unknown-unknown", "webhooks", "agentphone_wasm.d"), "utf8");
    assert.match(sources, /src\/webhooks\/mod\.rs/);
    assert.doesNotMatch(sources, /src\/(client|platform|resources|typed)\//);
  });
});
