// Which faults of the host's own `fetch` prove that nothing was sent: a call that is taken for one of them is placed a second time. By
// itself, without a client; over real sockets in cuts-and-stalls.test.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { neverSent as proves, rejected } from "../../src/js/http/connect.js";

/** As the host's own `fetch` rejects with it. */
const neverSent = (/** @type {unknown} */ thrown) => proves(rejected(thrown, fetch, "https://api.test/v1/calls"));

const fault = (/** @type {string | boolean | undefined} */ code, /** @type {string | boolean | undefined} */ syscall) =>
  Object.assign(new TypeError("fetch failed"), { cause: { code, syscall } });

test("a reset in mid-request is never taken for a refusal", () => {
  for (const [code, syscall, want] of [
    ["ECONNREFUSED", "connect", true],
    ["ETIMEDOUT", "connect", true],
    ["ENOTFOUND", "getaddrinfo", true],
    ["UND_ERR_CONNECT_TIMEOUT", undefined, true],
    ["CERT_HAS_EXPIRED", undefined, true],
    ["ECONNRESET", "read", false],
    ["EPIPE", "write", false],
    ["ETIMEDOUT", "read", false],
    ["EHOSTUNREACH", "write", false],
    ["UND_ERR_SOCKET", undefined, false],
    ["EPROTO", "write", false],
    ["", "", false],
    [undefined, undefined, false],
  ]) {
    assert.equal(neverSent(fault(code, syscall)), want, `${code} ${syscall}`);
    assert.equal(neverSent({ code, syscall }), want, `${code} ${syscall}, without a cause`);
  }
});

test("one address of several that may have been reached makes all of it unsure", () => {
  const [refused, reset] = [
    { code: "ECONNREFUSED", syscall: "connect" },
    { code: "ECONNRESET", syscall: "read" },
  ];
  assert.equal(neverSent({ cause: { errors: [refused, refused] } }), true);
  assert.equal(neverSent({ cause: { errors: [refused, reset] } }), false);
  assert.equal(neverSent({ cause: { errors: [] } }), false);
});

test("what cannot be read proves nothing, and breaks nothing", () => {
  const throwing = {
    get code() {
      throw new Error("no");
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const thrown of [
    undefined,
    null,
    "connect",
    7,
    Symbol("connect"),
    throwing,
    { cause: throwing },
    proxy,
    { errors: proxy },
    { cause: { errors: [null] } },
  ]) {
    assert.equal(neverSent(thrown), false);
  }
});
