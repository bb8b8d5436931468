// What the tests of ledgers over a store share: connections that end with their test, a server that ends with its file, and what
// any store must do that has another format, is gone, or was killed.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { connect } from "./connect.mjs";
import { confirmed, lost, start } from "./programs.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @import { Connection, Ledger, Place } from "./connect.mjs" */
/** @typedef {Awaited<ReturnType<typeof import("./servers.mjs").startRedis>>} Server */

/** A change that makes a new entry. */
export const one = (/** @type {string} */ key, stamp = "1") => ({
  key,
  was: null,
  entry: { stamp, open: true, at: 1, value: { to: "+14155550100" } },
});

/** Opens connections that are closed after the test. Called in a suite. @param {() => Place} usual */
export const connections = (usual) => {
  /** @type {Connection[]} */
  const all = [];
  afterEach(async () => {
    await Promise.allSettled(all.splice(0).map(({ end }) => end()));
  });
  return async (/** @type {Partial<Place>} */ place = {}) => {
    const connection = await connect({ ...usual(), ...place });
    all.push(connection);
    return connection;
  };
};

/** A server for all tests of a suite, and connections to it. @param {() => Promise<Server>} begin @param {string} kind */
export const onServer = (begin, kind) => {
  /** @type {Server | undefined} */
  let running;
  const server = () => running ?? assert.fail("the server has not started");
  before(async () => {
    running = await begin();
  });
  const opened = connections(() => ({ kind, port: server().port }));
  after(() => running?.remove());
  return { server, opened };
};

/** What each method of the interface does with a new key. @param {Ledger} ledger @param {string} key */
const eachMethod = (ledger, key) => [
  ledger.read([key]),
  ledger.write([one(`${key}-two`)]),
  ledger.open({ limit: 1 }),
  ledger.prune({ olderThan: 1 }),
];

/** A store of another version is refused by each method. @param {Ledger} ledger @param {RegExp} message */
export const refusesVersion = async (ledger, message) => {
  for (const work of eachMethod(ledger, "k"))
    await assert.rejects(work, { name: "LedgerError", code: "LEDGER_VERSION", retryable: false, message });
};

/** Without a server each method rejects and says why, without what it was asked. @param {Ledger} ledger @param {string} subject */
export const isUnavailable = async (ledger, subject) => {
  for (const work of eachMethod(ledger, "secret-key"))
    await assert.rejects(work, (/** @type {Foreign} */ error) => {
      assert.deepEqual(
        [error.name, error.code, error.retryable],
        ["LedgerError", "LEDGER_UNAVAILABLE", true],
        `${error.stack}`,
      );
      assert.match(error.message, new RegExp(`^${subject}: \\S.*\\(LEDGER_UNAVAILABLE\\)$`));
      assert.doesNotMatch(`${error.message} ${error.cause?.message}`, /secret|\+1415/);
      return true;
    });
};

/** Kills a server and two programs that write; every key that was confirmed is there afterwards. @param {Server} server @param {string} kind @param {(place: Place) => Promise<Connection>} opened */
export const survivesKill = async (server, kind, opened) => {
  const place = { kind, port: server.port, options: { namespace: "killed" } };
  const programs = [1, 2].map(() => start({ task: "confirm", place }));
  await Promise.all(programs.map(({ until }) => until(50)));
  await server.kill();
  for (const { child } of programs) child.kill("SIGKILL");
  const keys = (await Promise.all(programs.map(({ ended }) => ended))).flatMap(confirmed);
  assert.ok(keys.length >= 98, `${keys.length} keys`);
  await server.start();
  const { ledger } = await opened(place);
  assert.deepEqual(await lost(ledger, keys), []);
};
