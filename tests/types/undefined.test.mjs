// Under `exactOptionalPropertyTypes` a member that may be left out may be undefined only if its type says so; programs pass
// on what they have not got. The one exception is subAccount: what is meant for one must not happen in the main account.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { folder, root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const files = ["src", "sandbox/js"].flatMap((where) =>
  readdirSync(join(root, where), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => join(where, name)),
);

/** Where a type that begins at `at` ends, and by which sign. */
const endOf = (/** @type {string} */ text, /** @type {number} */ at) => {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    if (/["'`]/.test(text[i])) i = text.indexOf(text[i], i + 1);
    else if (text.startsWith("=>", i)) i += 1;
    else if ("([{<".includes(text[i])) depth += 1;
    else if (depth === 0 && ";,)]}>".includes(text[i])) return [i, text[i]];
    else if (")]}>".includes(text[i])) depth -= 1;
  }
  return [text.length, ""];
};

/** Members that may be left out and not be undefined. */
const refusing = (/** @type {string} */ source) => {
  const text = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = [];
  for (const { 1: name, 2: sign, index, 0: all } of text.matchAll(
    /(?<=[\n{;]\s*(?:readonly )?)("[^"]+"|\w+)\?([:(])/g,
  )) {
    const begin = index + all.length;
    const [end, by] = endOf(text, begin);
    // Parameters may be undefined anyway.
    if (sign === ":" && ",)".includes(/** @type {Foreign} */ (by))) continue;
    if (
      sign === "(" ||
      !/(^|\|)\s*(undefined|unknown|any|never)\s*$/.test(text.slice(begin, /** @type {Foreign} */ (end)))
    )
      found.push(name);
  }
  return found;
};

test("every member that may be left out may be undefined, but for subAccount", () => {
  assert.ok(files.length > 30);
  const found = files.flatMap((file) =>
    refusing(readFileSync(join(root, file), "utf8")).map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(found, ["src/client/options.d.ts: subAccount"]);
});

test("a member that refuses is found, however it is written", () => {
  assert.deepEqual(
    refusing(
      "interface A {\n  a?: string;\n  b?: () => void;\n  c?(x?: string): void;\n  d?:\n    | 1\n    | 2;\n  e(f?: { g?: string; }): void;\n  readonly h?: { i: 1 | undefined };\n}",
    ),
    ["a", "b", "c", "d", "g", "h"],
  );
  assert.deepEqual(
    refusing(
      "interface A {\n  a?: string | undefined;\n  b?: (() => void) | undefined;\n  c?: unknown;\n  f(\n    x?: string,\n    y?: string,\n  ): void;\n}",
    ),
    [],
  );
});

const out = folder("target", "undefined-types");
after(() => rmSync(out, { recursive: true, force: true }));

test("bodies, queries, hooks, streams, waits, lists and sandboxes take what is undefined", () => {
  const code = `
    import { AgentPhone, webhooks } from "agentphone-wasm";
    import { createSandbox } from "agentphone-wasm/sandbox";
    const none: undefined = undefined;
    const client = new AgentPhone({ apiKey: none, timeout: none, hooks: { onRequest: none, onResponse: none, onRetry: none, onError: none }, logger: none });
    await client.agents.create({ name: "n", systemPrompt: none, customTools: [{ name: "t", description: "d", url: "u", method: none, timeoutMs: none }] });
    await client.agents.list({ limit: none, offset: none }, { signal: none, maxRetries: none });
    await client.agents.list().toArray({ limit: none });
    await client.calls.create({ agentId: "a", toNumber: "+14155550100", variables: none, maxWaitSeconds: none });
    await client.messages.send({ agent_id: "a", to_number: "+14155550100", body: "b", number_id: none, media_urls: none, send_style: none });
    await client.messages.send({ agentId: "a", toNumber: "+14155550100", body: "b", numberId: none, sendStyle: none });
    client.calls.transcript.stream("c", { idleTimeout: none, signal: none });
    await client.calls.recording.get("c", { range: none, maxBytes: none });
    await client.calls.wait("c", { until: none, totalTimeout: none });
    webhooks.verify({ body: "", headers: [], secret: "s", tolerance: none, now: none, scheme: none, maxBytes: none });
    webhooks.deduplicate({ store: none, ttl: none, max: none });
    createSandbox({ seed: none, clock: none, onWebhook: none, limits: none, start: none });
    // @ts-expect-error
    new AgentPhone({ subAccount: none });
    // @ts-expect-error
    client.agents.list({}, { subAccount: none });
  `;
  writeFileSync(join(out, "exact.mts"), code);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    target: "es2022",
    lib: ["es2022", "dom"],
    module: "nodenext",
    moduleResolution: "nodenext",
    types: [],
    skipLibCheck: false,
  };
  writeFileSync(join(out, "exact.json"), JSON.stringify({ compilerOptions, files: ["exact.mts"] }));
  const { status, stdout } = spawnSync("npx", ["tsc", "-p", join(out, "exact.json")], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
