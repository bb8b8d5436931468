// @ts-check
// How errors read, and what the address says of accounts, without a browser.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readAddress, writeAddress } from "../src/app/address.js";
import { fieldWords, sameField, textOf, titleOf } from "../src/ui/error-words.js";

describe("the words of an error", () => {
  const base = { code: "FORBIDDEN", message: "", details: [] };

  test("operation, code and status are not in the text", () => {
    const message =
      "calls.create: The agent has no phone number (FORBIDDEN, HTTP 403). Attach a number to the agent first.";
    const text = textOf({ ...base, message });
    assert.equal(text, "The agent has no phone number. Attach a number to the agent first.");
    assert.equal(textOf({ ...base, message: "the secret: it is empty" }), "The secret: it is empty");
  });

  test("details are counted instead of repeated, and a single one is enough", () => {
    const message =
      "calls.create: Validation error: toNumber: bad (VALIDATION_ERROR, HTTP 400). Correct the fields named in details.";
    const one = { field: "toNumber", message: "bad" };
    assert.equal(textOf({ code: "VALIDATION_ERROR", message, details: [one] }), "");
    assert.equal(
      textOf({ code: "VALIDATION_ERROR", message, details: [one, { ...one, field: "a" }] }),
      "2 fields need a correction.",
    );
    assert.equal(textOf({ code: "VALIDATION_ERROR", message, details: [] }), "ToNumber: bad.");
  });

  test("a known code has a heading, a 404 and a 500 of an unknown one too, any other none", () => {
    assert.equal(titleOf(base), "This account may not do that");
    assert.equal(titleOf({ ...base, code: "AGENT_NOT_FOUND", status: 404 }), "It is not there any more");
    assert.equal(titleOf({ ...base, code: "ODD", status: 503 }), "AgentPhone had a problem");
    assert.equal(titleOf({ ...base, code: "ODD", status: 400 }), undefined);
  });

  test("a field reads as words, and is found in both of the API's spellings", () => {
    assert.equal(fieldWords("body.toNumber"), "to number");
    assert.equal(fieldWords("to_number"), "to number");
    assert.equal(sameField("to_number"), sameField("toNumber"));
  });
});

describe("the account in the address", () => {
  test("what is written is read again, with and without an account", () => {
    for (const account of [null, "sub_1", "a/b ü"])
      for (const view of ["/", "/calls?status=failed", "/agents/agent_1"])
        assert.deepEqual(readAddress(`#${writeAddress({ account, view })}`), { account, view });
  });

  test("no account is the main one, and nothing at all the overview", () => {
    assert.deepEqual(readAddress(""), { account: null, view: "/" });
    assert.deepEqual(readAddress("#/agents"), { account: null, view: "/agents" });
    assert.deepEqual(readAddress("#agents?x=1"), { account: null, view: "/agents?x=1" }, "as people type it");
    assert.deepEqual(readAddress("#/a"), { account: null, view: "/a" });
    assert.deepEqual(readAddress("#/a/sub_1"), { account: "sub_1", view: "/" });
    assert.deepEqual(readAddress("#/a/sub_1?x=1"), { account: "sub_1", view: "/?x=1" });
    assert.deepEqual(readAddress("#/a/%E0%A4%A/calls"), { account: "%E0%A4%A", view: "/calls" });
  });
});
