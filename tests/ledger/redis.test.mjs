// The ledger in Redis, on a server that is stopped, killed and started again, through both libraries in two major versions.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { redisLedger } from "agentphone-wasm/ledger";
import { refusesBadInput } from "./bad-input.mjs";
import { cases } from "./conformance.mjs";
import { beginTogether, runAll } from "./programs.mjs";
import { noRedis, startRedis } from "./servers.mjs";
import { isUnavailable, one, onServer, refusesVersion, survivesKill } from "./stores.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @import { Place } from "./connect.mjs" */

const LIBRARIES = ["redis", "redis-4", "ioredis", "ioredis-5"];

describe("Redis", { skip: noRedis, concurrency: false }, () => {
  const { server, opened } = onServer(startRedis, "redis");
  const ledgerIn = async (/** @type {string} */ namespace, /** @type {Partial<Place>} */ place = {}) =>
    (await opened({ ...place, options: { ...place.options, namespace } })).ledger;

  for (const kind of LIBRARIES) {
    describe(`through ${kind}`, () => {
      for (const { name, run } of cases) test(name, () => run((namespace) => ledgerIn(namespace, { kind })));
    });
  }

  test("bad input is refused", async () => refusesBadInput(await ledgerIn("bad")));

  test("what is not a client, and options that there are not, are refused", async () => {
    for (const client of [undefined, null, {}, "redis://", () => {}])
      assert.throws(() => redisLedger(/** @type {Foreign} */ (client)), { code: "INVALID_ARGUMENT" });
    const { raw } = await opened();
    for (const options of [
      { namespace: 7 },
      { namespace: "a\0" },
      { timeout: -1 },
      { durability: true },
      { prefix: "x" },
    ])
      assert.throws(() => redisLedger(raw, /** @type {Foreign} */ (options)), { code: "INVALID_ARGUMENT" });
  });

  test("the keys of a namespace have one hash tag, also where its name has braces", async () => {
    const { raw } = await opened();
    for (const namespace of ["tag", "a}b{c"]) await (await ledgerIn(namespace)).write([one("k"), one("l")]);
    for (const part of ["tag", "a}b{c"]) {
      const keys = await raw.keys(`*ledger:${part}*`);
      assert.deepEqual(
        keys.sort(),
        ["entries", "format", "open"].map((name) => `{agentphone-ledger:${part}}:${name}`),
      );
      const slots = await Promise.all(
        keys.map((/** @type {string} */ key) => raw.sendCommand(["CLUSTER", "KEYSLOT", key]).catch(() => "none")),
      );
      assert.equal(new Set(slots).size, 1);
    }
  });

  test("with a prefix of the client's own", async () => {
    const { load } = await import("./tools.mjs");
    const client = new (load("ioredis").Redis)({ port: server().port, keyPrefix: "app:" });
    try {
      const ledger = redisLedger(client);
      assert.equal(await ledger.write([one("k")]), true);
      assert.equal((await ledger.open({ limit: 1 }))[0]?.key, "k");
    } finally {
      client.disconnect();
    }
  });

  test("two processes count together, and no turn is lost", async () => {
    const place = { kind: "redis", port: server().port, options: { namespace: "count" } };
    await runAll(["redis", "ioredis"].map((kind) => ({ task: "count", place: { ...place, kind }, turns: 100 })));
    assert.equal((await (await ledgerIn("count")).read(["counter"]))[0]?.value, 200);
  });

  test("four processes that begin at once all write", async () => {
    const place = { kind: "ioredis", port: server().port, options: { namespace: "begin" } };
    assert.deepEqual(
      await beginTogether(place, 4),
      Array.from({ length: 4 }, () => "written true"),
    );
    assert.equal((await (await ledgerIn("begin")).open({ limit: 9 })).length, 4);
  });

  test("a store of another version, or of none, is refused and left as it is", async () => {
    const { raw } = await opened();
    await raw.set("{agentphone-ledger:next}:format", "2");
    await raw.hSet("{agentphone-ledger:lost}:entries", "k", "v");
    for (const [namespace, words] of /** @type {const} */ ([
      ["next", /version 2 of the format.*reads version 1/],
      ["lost", /an unknown version/],
    ])) {
      const ledger = await ledgerIn(namespace);
      await refusesVersion(ledger, words);
      assert.equal((await raw.keys(`*ledger:${namespace}*`)).length, 1);
    }
  });

  for (const kind of LIBRARIES) {
    test(`settings under which entries get lost are refused, unless that is said to be meant: ${kind}`, async () => {
      const { raw } = await opened();
      for (const [name, bad, good] of /** @type {const} */ ([
        ["appendfsync", "everysec", "always"],
        ["appendonly", "no", "yes"],
        ["maxmemory-policy", "allkeys-lru", "noeviction"],
      ])) {
        await raw.configSet(name, bad);
        try {
          const ledger = await ledgerIn("settings", { kind });
          const failure = {
            code: "LEDGER_CONFIGURATION",
            retryable: false,
            message: new RegExp(`Set ${name}|${name} to.*relaxed`),
          };
          await assert.rejects(ledger.write([one("k")]), failure);
          const relaxed = await ledgerIn("settings", { kind, options: { durability: "relaxed" } });
          assert.deepEqual(await relaxed.read(["k"]), [undefined]);
          await raw.configSet(name, good);
          assert.deepEqual(await ledger.read(["k"]), [undefined], "it looks again");
        } finally {
          await raw.configSet(name, good);
          // While it writes a first file, it refuses to be stopped.
          while (/aof_rewrite_(in_progress|scheduled):1/.test(await raw.info("persistence"))) await pause(10);
        }
      }
    });

    test(`where CONFIG is not allowed the server is refused, unless its settings are said to be known: ${kind}`, async () => {
      const { raw } = await opened();
      await raw.aclSetUser("default", "-config");
      try {
        const ledger = await ledgerIn("config", { kind });
        await assert.rejects(ledger.read(["k"]), {
          code: "LEDGER_CONFIGURATION",
          message: /cannot be read with CONFIG GET.*relaxed/,
        });
        const relaxed = await ledgerIn("config", { kind, options: { durability: "relaxed" } });
        assert.deepEqual(await relaxed.read(["k"]), [undefined]);
      } finally {
        await raw.aclSetUser("default", "+config");
      }
    });

    test(`keys of another program, and what the user may not do, are not retryable: ${kind}`, async () => {
      const { raw } = await opened();
      const theirs = await ledgerIn("theirs", { kind });
      await theirs.write([one("other")]);
      await raw.del("{agentphone-ledger:theirs}:entries");
      await raw.set("{agentphone-ledger:theirs}:entries", "x");
      const permanent = { code: "LEDGER_CONFIGURATION", retryable: false };
      await assert.rejects(theirs.read(["k"]), { ...permanent, message: /data of another program/ });
      await raw.del("{agentphone-ledger:theirs}:entries");
      assert.deepEqual(await theirs.read(["k"]), [undefined]);
      await raw.aclSetUser("default", "-eval");
      try {
        await assert.rejects(theirs.read(["k"]), { ...permanent, message: /this user may not/ });
      } finally {
        await raw.aclSetUser("default", "+eval");
      }
    });

    test(`without a server each method rejects, says why, and works again when it is back: ${kind}`, async () => {
      const ledger = await ledgerIn(`stop ${kind}`, { kind, options: { timeout: 300 } });
      // With the usual timeout: what is prepared on first use takes a busy machine longer.
      assert.equal(await (await ledgerIn(`stop ${kind}`, { kind })).write([one("secret-key")]), true);
      await server().stop();
      await isUnavailable(ledger, "redisLedger");
      await server().start();
      const again = await ledgerIn(`stop ${kind}`, { kind });
      assert.equal((await again.read(["secret-key"]))[0]?.key, "secret-key");
      // The same one, as soon as its library has connected again.
      for (let patience = 100; ; patience -= 1) {
        const found = await ledger.read(["secret-key"]).catch((error) => error);
        if (Array.isArray(found)) break;
        assert.ok(patience > 0, `${found}`);
      }
    });
  }

  test("no error of a library goes on that holds what was sent", async () => {
    const sent = { name: "ReplyError", command: { name: "eval", args: ["secret-key"] } };
    const words = "ERR unknown command 'EVAL', with args beginning with: 'local a' '4' 'secret-key'";
    const client = {
      defineCommand: () => {},
      config: () => ["appendonly", "yes", "appendfsync", "always"],
      eval: () => Promise.reject(Object.assign(new Error(words), sent)),
    };
    const { inspect } = await import("node:util");
    await assert.rejects(redisLedger(client).read(["secret-key"]), (error) => {
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /secret/);
      assert.match(/** @type {Error} */ (error).message, /does not have EVAL \(LEDGER_CONFIGURATION\)$/);
      return true;
    });
  });

  test("what was confirmed is there after the server was killed", () => survivesKill(server(), "redis", opened));
});
