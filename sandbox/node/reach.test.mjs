// Who can reach the sandbox: other machines, and pages of other origins.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { serveSandbox } from "./server.mjs";

let server;
const start = async (options) => (server = await serveSandbox(options));
afterEach(() => server.close());

describe("other machines", () => {
  test("an empty host, as an unset variable gives it, does not open the sandbox to the network", async () => {
    await start({ host: "" });
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    assert.equal((await fetch(`${server.url}/__sandbox/health`)).status, 200);
  });
});
