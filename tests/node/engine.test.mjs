// The JavaScript engine may throw optimized code away at any moment, also while that code is inside a
// call into wasm. V8 of Node 20 ends the process if the wasm function returns a reference and its call
// was inlined; so nothing that users call may come down to such a call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.mjs";
import { exportedResults } from "../support/wasm-exports.mjs";

/** Optimizes `method`, then has its code thrown away by a getter or `toJSON` that it reads on its way. */
const PROGRAM = `
  import { AgentPhone } from "agentphone-wasm";
  const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: "http://127.0.0.1:9", fetch: async () => new Response('{"data":[]}') });
  const [resource, name, ...args] = JSON.parse(process.argv[1]);
  const object = resource.split(".").reduce((value, key) => value[key], client);
  const method = object[name];
  let meanwhile = () => {};
  const options = { get timeout() { meanwhile(); return 1_000; } };
  const call = () => Reflect.apply(method, object, [...args, options]);
  %PrepareFunctionForOptimization(method);
  for (let i = 0; i < 5; i += 1) await call();
  %OptimizeFunctionOnNextCall(method);
  await call();
  let thrown = 0;
  meanwhile = () => { thrown += 1; %DeoptimizeFunction(method); };
  await call();
  console.log("alive", thrown);`;

for (const call of [
  ["calls", "get", "a"],
  ["calls", "create", { agentId: "a", toNumber: "+14155550100" }],
  ["calls", "list", {}],
  ["agents.numbers", "attach", "a", { numberId: "n" }],
  ["usage", "get"],
]) {
  test(`${call[0]}.${call[1]} survives a deoptimization in its midst`, async () => {
    const flags = ["--allow-natives-syntax"];
    const { stdout, stderr, code } = await runChild(PROGRAM, { flags, args: [JSON.stringify(call)] });
    assert.equal(
      stderr.split("\n").find((line) => line.includes("Fatal")),
      undefined,
      stderr.slice(0, 300),
    );
    assert.deepEqual([code, stdout.trim()], [0, "alive 1"]);
  });
}

test("no function that the module exports returns a single reference", async () => {
  const { stdout } = await runChild(`
    const modules = [];
    WebAssembly.Module = new Proxy(WebAssembly.Module, {
      construct: (Module, [bytes]) => (modules.push(Buffer.from(bytes)), new Module(bytes)),
    });
    await import("agentphone-wasm");
    for (const module of modules) console.log(module.toString("base64"));`);
  const modules = stdout
    .trim()
    .split("\n")
    .map((line) => Buffer.from(line, "base64"));
  assert.equal(modules.length, 1, "modules seen");
  const exported = exportedResults(modules[0]);
  // The build gives them short names; those that give a value of JavaScript's, or throw, are told by their results.
  assert.ok(exported.length > 10 && exported.some(({ results }) => results.length === 3), "functions seen");
  const dangerous = exported.filter(({ results }) => results.length === 1 && /ref/.test(results[0]));
  assert.deepEqual(
    dangerous.map(({ name }) => name),
    [],
  );
});

test("30000 aborted calls in a row survive whatever the engine optimizes", async () => {
  const { stdout, code, signal } = await runChild(`
    import { AgentPhone } from "agentphone-wasm";
    const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: "http://127.0.0.1:9", fetch: () => new Promise(() => {}) });
    for (let i = 0; i < 30_000; i += 1) {
      const controller = new AbortController();
      const call = client.calls.get("a", { signal: controller.signal }).catch(() => {});
      controller.abort();
      await call;
    }
    console.log("alive");`);
  assert.deepEqual([code, signal, stdout.trim()], [0, null, "alive"]);
});
