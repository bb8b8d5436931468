// A process of its own that uses a ledger: the programs that the tests start, and kill.
//
//   node worker.mjs '{"task": "count", "place": {…}, "turns": 100}'

import { cases } from "./conformance.mjs";
import { connect } from "./connect.mjs";

const { task, place, turns, key = "counter" } = JSON.parse(process.argv[2] ?? "");
const say = (/** @type {string} */ line) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));
const unique = () => `${process.pid}-${Math.random()}`;

/** @type {Record<string, () => Promise<void>>} */
const tasks = {
  /** Adds one to a counter and to one of its own, together, so many times. */
  count: async () => {
    const { ledger, end } = await connect(place);
    const own = `own ${process.pid}`;
    for (let done = 0; done < turns; ) {
      const found = await ledger.read([key, own]);
      const changes = [key, own].map((name, at) => ({
        key: name,
        was: found[at]?.stamp ?? null,
        entry: { stamp: unique(), open: true, at: 1, value: Number(found[at]?.value ?? 0) + 1 },
      }));
      if (await ledger.write(changes)) done += 1;
    }
    await end();
  },
  /** Writes keys for ever, and says of each that it was confirmed. */
  confirm: async () => {
    const { ledger } = await connect(place);
    for (let at = 0; ; at += 1) {
      const name = `${process.pid} ${at}`;
      const entry = { stamp: unique(), open: true, at, value: { at } };
      const other = { stamp: unique(), open: false, at, value: "x".repeat(500) };
      const changes = [
        { key: name, was: null, entry },
        { key: `${name} too`, was: null, entry: other },
      ];
      // The server is gone: what it has confirmed was said.
      await ledger.write(changes).catch(() => process.exit(0));
      await say(name);
    }
  },
  /** The conformance suite, in a runtime that the test itself does not run in. */
  conform: async () => {
    for (const { name, run } of cases) {
      /** @type {(() => Promise<void>)[]} */
      const ends = [];
      await run(async (namespace) => {
        const { ledger, end } = await connect({ ...place, options: { namespace } });
        ends.push(end);
        return ledger;
      });
      for (const end of ends) await end();
      await say(`ok ${name}`);
    }
  },
  /** Uses a ledger for the first time, at once with others. */
  begin: async () => {
    const { ledger, end } = await connect(place);
    await say("ready");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    const written = await ledger.write([
      { key: unique(), was: null, entry: { stamp: "1", open: true, at: 1, value: 1 } },
    ]);
    await say(`written ${written}`);
    await end();
    process.exit(0);
  },
};

await tasks[task]?.();
