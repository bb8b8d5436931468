// The worked examples of pkg/examples/webhooks, each met by deliveries as they come: genuine, forged, old,
// repeated, spoken, and one whose handler fails.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import { transform } from "esbuild";
import { deliver, SECRET, textEvent, voiceEvent } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

process.env.AGENTPHONE_WEBHOOK_SECRET = SECRET;
const folder = new URL("../../pkg/examples/webhooks/", import.meta.url);
const { inbox } = await import(new URL("handler.mjs", folder).href);

/** The address of a server on a port of its own, until the test is over. */
const overSocket = async (
  /** @type {Foreign} */ server,
  /** @type {{ after: (arg0: () => Promise<void>) => void }} */ t,
) => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return `http://127.0.0.1:${server.address().port}/webhook`;
};

const poster =
  (/** @type {string | URL | Request} */ url) =>
  (/** @type {Foreign} */ { body, headers }) =>
    fetch(url, { method: "POST", headers, body });

const asRequest = (/** @type {Foreign} */ { body, headers }) =>
  new Request("http://127.0.0.1/webhook", { method: "POST", headers, body });

/** A route in TypeScript, run as the framework would: compiled first. */
const compiled = async (/** @type {string | URL} */ name) => {
  const { code } = await transform(readFileSync(new URL(name, folder), "utf8"), { loader: "ts", format: "esm" });
  const file = new URL(`.${name}.mjs`, folder);
  writeFileSync(file, code);
  after(() => rmSync(file, { force: true }));
  return import(file.href);
};

/** Each example, as a function that answers a delivery with a `Response`. */
const examples = {
  "Node http": async (/** @type {{ after: (arg0: () => Promise<void>) => void }} */ t) => {
    const { server } = await import(new URL("node-http.mjs", folder).href);
    return poster(await overSocket(server, t));
  },
  Express: async (/** @type {{ after: (arg0: () => Promise<void>) => void }} */ t) => {
    const { app } = await import(new URL("express.mjs", folder).href);
    return poster(await overSocket(createServer(app), t));
  },
  Hono: async () => {
    const { default: app } = await import(new URL("hono.mjs", folder).href);
    return (/** @type {Foreign} */ delivery) => app.fetch(asRequest(delivery));
  },
  "Next.js route": async () => {
    const { POST } = await compiled("next-route.ts");
    return (/** @type {Foreign} */ delivery) => POST(asRequest(delivery));
  },
  "Cloudflare Worker": async () => {
    const { default: worker } = await import(new URL("cloudflare-worker.mjs", folder).href);
    return (/** @type {Foreign} */ delivery) =>
      worker.fetch(asRequest(delivery), { AGENTPHONE_WEBHOOK_SECRET: SECRET });
  },
};

const now = () => Math.floor(Date.now() / 1000);
const isSuccess = (/** @type {Foreign} */ { status }) => status >= 200 && status < 300;

describe("worked examples", { concurrency: 1 }, () => {
  for (const [name, open] of Object.entries(examples)) {
    const id = (/** @type {string} */ what) => `del_${name}_${what}`.replaceAll(/\W/g, "_");
    const text = (/** @type {string} */ what, at = now(), secret = SECRET) =>
      deliver(textEvent({ messageId: id(what) }), { id: id(what), at, secret });
    const worked = (/** @type {string} */ what) => inbox.filter((/** @type {string} */ one) => one === id(what)).length;

    test(`${name}: a genuine delivery is worked on once, and its repetition is told that all is well`, async (t) => {
      const post = await open(t);
      assert.ok(isSuccess(await post(text("text"))));
      assert.ok(isSuccess(await post(text("text", now() - 1))));
      assert.equal(worked("text"), 1);
    });

    test(`${name}: what is forged, changed, old or unsigned is refused and not worked on`, async (t) => {
      const post = await open(t);
      const forged = text("forged", now(), "whsec_another");
      const changed = text("changed");
      const old = text("old", now() - 301);
      const bare = { ...forged, headers: { "content-type": "application/json" } };
      for (const delivery of [forged, { ...changed, body: changed.body.replace("nine", "ten") }, old, bare]) {
        assert.equal((await post(delivery)).status, 400);
      }
      assert.deepEqual([worked("forged"), worked("changed"), worked("old")], [0, 0, 0]);
    });

    test(`${name}: a delivery whose handler failed is worked on when it comes again`, async (t) => {
      const post = await open(t);
      inbox.push = () => {
        throw new Error("the database is down");
      };
      const failed = await post(text("failed", now() - 1)).finally(() => delete inbox.push);
      assert.equal(failed.status, 500);
      assert.ok(!(await failed.text()).includes("database"), "the failure is told to the outside");
      assert.ok(isSuccess(await post(text("failed"))));
      assert.equal(worked("failed"), 1);
    });

    test(`${name}: a caller is answered line by line`, async (t) => {
      const post = await open(t);
      const answer = await post(
        deliver(/** @type {Foreign} */ ({ ...voiceEvent("Good evening"), agentId: id("voice") }), {
          id: id("voice"),
          at: now(),
        }),
      );
      assert.match(answer.headers.get("content-type"), /^application\/x-ndjson/);
      const lines = (await answer.text())
        .trimEnd()
        .split("\n")
        .map((/** @type {string} */ line) => JSON.parse(line));
      assert.equal(
        lines.map((/** @type {Foreign} */ line) => line.text).join(""),
        "One moment. You said: Good evening.",
      );
      assert.deepEqual(
        lines.map((/** @type {Foreign} */ line) => line.interim),
        [true, true, undefined],
      );
    });
  }
});
