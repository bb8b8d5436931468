// People as files: everything that is wrong is told with its line and column, nothing is planned then, and memory stays flat.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { csvRows, jsonRows } from "agentphone-wasm-cli/campaign";
import { codeOf, planned } from "./campaign-planned.mjs";

const LIMIT = { timeout: 120_000 };
test(
  "CSV as spreadsheets write it: a mark at the front, semicolons, quotes, line breaks in cells, CRLF",
  LIMIT,
  async () => {
    const content =
      '\ufeffPhone Number;name;note\r\n"(415) 555-0100";Ada;"a; ""b""\r\nsecond line"\r\n\r\n+1 415 555 0111;Bob;\r\n';
    const { problems, people } = await planned(content);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      people.map(({ recipient, variables, line }) => [recipient, variables, line]),
      [
        ["+14155550100", { name: "Ada", note: 'a; "b"\r\nsecond line'.replace("\r", "") }, 2],
        ["+14155550111", { name: "Bob", note: "" }, 5],
      ],
    );
  },
);

/** @type {[name: string, content: string | Buffer, problems: string[], options?: object][]} */
const WRONG = [
  ["a line with a cell too few", "phone,name\n4155550100,Ada\n4155550111\n", ["3:2 wrong-columns"]],
  ["a line with a cell too many", "phone,name\n4155550100,Ada,x\n", ["2:3 wrong-columns"]],
  ["a quote in the middle of a cell", 'phone,name\n4155550100,A"da\n4155550111,Bob\n', ["2:2 broken-quotes"]],
  ["a quote that is never closed", 'phone,name\n4155550100,"Ada\n4155550111,Bob\n', ["2:2 broken-quotes"]],
  ["a column that is missing", "name\nAda\n", ["1:1 missing-column"]],
  [
    "a column that the text needs",
    "phone,nam\n4155550100,Ada\n",
    ["1:1 missing-column"],
    { initialGreeting: "Hi {{name}}" },
  ],
  [
    "a cell that the text needs",
    "phone,name\n4155550100,\n",
    ["2:2 missing-value"],
    { initialGreeting: "Hi {{name}}" },
  ],
  ["two columns of one name", "phone,Name,name\n4155550100,a,b\n", ["1:3 double-column"]],
  ["a column without a name", "phone,,x\n4155550100,a,b\n", ["1:2 missing-column"]],
  ["an empty file", "", ["1:1 missing-column"]],
  ["Latin-1", Buffer.from("phone,name\n4155550100,Ada\n4155550111,J\xfcrgen\n", "latin1"), ["3:13 not-utf8"]],
  ["UTF-16 with a mark", Buffer.from("\ufeffphone\n4155550100\n", "utf16le"), ["1:1 not-utf8"]],
  ["UTF-16 without one", Buffer.from("phone\n4155550100\n", "utf16le"), ["1:1 not-utf8"]],
  ["a number of another country in local form", "name,phone\nA,030 901820\n", ["2:2 wrong-number"]],
  ["an address in place of a number", "name,phone\nA,a@example.com\n", ["2:2 wrong-number"]],
  ["a zone that there is not", "phone,timezone\n4155550100,Mars/Olympus\n", ["2:2 wrong-zone"]],
  ["an ambiguous zone", "phone,timezone\n4155550100,EST\n", ["2:2 wrong-zone"]],
];
for (const [name, content, expected, options] of WRONG)
  test(`${name}: told with its place, and nothing is planned`, LIMIT, async () => {
    const { problems, error, people } = await planned(content, options);
    assert.deepEqual(problems, expected);
    assert.equal(codeOf(error), "INVALID_PEOPLE");
    assert.deepEqual(people, []);
    assert.doesNotMatch(error.message, /4155550|Ada/);
  });

test("an error in a list says what to do about what a spreadsheet has done to it", LIMIT, async () => {
  const messageOf = async (/** @type {string} */ content) => {
    const { told, error } = await planned(content, { initialGreeting: "Hi {{name}}" });
    assert.match(error.message, /^the list has 1 error; nothing was planned/);
    return told[0]?.message ?? "";
  };
  assert.match(
    await messageOf("name,phone\nAda,4.15551E+09\n"),
    /a spreadsheet has rounded it\. Format the column as text/,
  );
  assert.match(await messageOf("Name,phone\nAda,4155550100\n"), /the list has Name: write \{\{Name\}\}$/);
  assert.match(await messageOf("name,phone,\nAda,4155550100,\n"), /name it, or delete it/);
});

test("the plan says by whose clock people without a time zone are called", LIMIT, async () => {
  const list = "phone,timezone\n4155550100,\n4155550111,America/New_York\n";
  const notes = async (/** @type {object} */ options) => (await planned(list, options)).plan?.notes.join("\n") ?? "";
  const quietHours = { from: 1260, until: 480 };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const said = await notes({ quietHours, zone: undefined });
  assert.ok(said.includes(`1 person has no time zone: quiet hours are in ${timeZone}, the zone of this machine`), said);
  assert.doesNotMatch(await notes({ quietHours, zone: "America/Denver" }), /no time zone/);
  assert.doesNotMatch(await notes({ quietHours: null, zone: undefined }), /no time zone/);
});

test("all that is wrong is told at once, not only the first", LIMIT, async () => {
  const { problems } = await planned("phone,name\n1,Ada\n4155550100,Bob\n4155550111\n2,Eve\n");
  assert.deepEqual(problems, ["2:1 wrong-number", "4:2 wrong-columns", "5:1 wrong-number"]);
});

test("--skip-invalid plans the others, but not where a whole column is missing", LIMIT, async () => {
  const { error, people } = await planned("phone,name\n1,Ada\n4155550100,Bob\n", { skipInvalid: true });
  assert.equal(error, undefined);
  assert.deepEqual(
    people.map(({ variables }) => variables.name),
    ["Bob"],
  );
  const whole = await planned("fone,name\n4155550100,Bob\n", { skipInvalid: true });
  assert.equal(codeOf(whole.error), "INVALID_PEOPLE");
});

test("local numbers of a country are read with it", LIMIT, async () => {
  const library = await import("libphonenumber-js");
  const { problems, people } = await planned("name,phone\nA,030 901820\nB,+1 415 555 0100\n", {
    country: "DE",
    library,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    people.map(({ recipient, reason }) => [recipient, reason]),
    [
      ["+4930901820", "outside-us-ca"],
      ["+14155550100", null],
    ],
  );
});

test("JSON lines: objects, broken ones with their place", LIMIT, async () => {
  const content = '{"phone":"4155550100","n":1}\n\n[1]\n{"phone":"4155550111",}\n{"phone":"4155550122","x":{}}\n';
  const { problems, error } = await planned(content, {}, jsonRows);
  assert.equal(codeOf(error), "INVALID_PEOPLE");
  assert.deepEqual(
    problems.map((each) => each.replace(/:\d+ /, " ")),
    ["3 broken-json", "4 broken-json", "5 missing-value"],
  );
  const good = await planned('{"phone":"4155550100","n":1,"gone":null}\n', {}, jsonRows);
  assert.deepEqual(good.people[0]?.variables, { n: "1", gone: "" });
});

test(
  "a quote that is never closed does not read the whole file into the memory, and loses none of its lines",
  LIMIT,
  async () => {
    const before = process.memoryUsage().rss;
    const [line, size] = [`${"y".repeat(1023)}\n`, 48];
    const long = async function* () {
      yield Buffer.from('phone,name\n4155550100,"\n');
      for (let read = 0; read < size; read += 1) yield Buffer.alloc(1024 * 1024, line);
    };
    /** @type {Record<string, number>} */
    const codes = {};
    for await (const each of csvRows(long()))
      if ("problem" in each) codes[each.problem.code] = (codes[each.problem.code] ?? 0) + 1;
    assert.deepEqual(codes, { "broken-quotes": 1, "wrong-columns": size * 1024 });
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    assert.ok(grown < 150, `${Math.round(grown)} MiB more`);
  },
);

test("a folder that nobody may write to is reported before anything is sent", LIMIT, async () => {
  const { openStore } = await import("agentphone-wasm-cli/campaign");
  const folder = mkdtempSync(join(tmpdir(), "agentphone-campaign-input-"));
  try {
    await assert.rejects(openStore(join(folder, "missing", "c.db")), {
      name: "StoreError",
      code: "STORE_CONFIGURATION",
    });
    await assert.rejects(openStore("mysql://localhost/x"), { name: "StoreError", code: "STORE_CONFIGURATION" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
