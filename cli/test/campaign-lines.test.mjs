// Nobody is lost between a file and its plan: every line is a person, part of a person, or told as a problem with its text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRows, jsonRows } from "agentphone-wasm-cli/campaign";
import fc from "fast-check";
import { codeOf, inPieces, planned } from "./campaign-planned.mjs";

const LIMIT = { timeout: 120_000 };
const HEAD = "phone,name\n";
const at = (/** @type {number} */ number) => `+1415555${String(number).padStart(4, "0")}`;
const names = (/** @type {{ people: readonly { variables: Readonly<Record<string, string>> }[] }} */ { people }) =>
  people.map(({ variables }) => variables.name);
const original = (/** @type {string | Uint8Array | undefined} */ text) => Buffer.from(text ?? "").toString("latin1");

test("a broken quote costs its own line, and not the valid people after it", LIMIT, async () => {
  const rows = `${at(1)},"A"nn\n${at(2)},Bob\n${at(3)},"C"\n${at(4)},D\n${at(5)},E\n`;
  const found = await planned(HEAD + rows, { skipInvalid: true });
  assert.deepEqual(found.problems, ["2:2 broken-quotes"]);
  assert.deepEqual(names(found), ["Bob", "C", "D", "E"]);
  assert.equal(found.told[0]?.text, `${at(1)},"A"nn`);
});

test("a quote that is never closed costs its own line, even if no other quote follows", LIMIT, async () => {
  for (const cell of ['"A" nn', '"Ann', 'A"nn', '"Ann""']) {
    const found = await planned(`${HEAD}${at(1)},${cell}\n${at(2)},Bob\n${at(3)},"C"`, { skipInvalid: true });
    assert.deepEqual(found.problems, ["2:2 broken-quotes"], cell);
    assert.deepEqual(names(found), ["Bob", "C"], cell);
    assert.equal(found.told[0]?.text, `${at(1)},${cell}`);
  }
});

test("a broken first line refuses the plan: the second one must not be taken for the names", LIMIT, async () => {
  for (const head of ['pho"ne,name', "phone,na\xefme", `phone,"${"x".repeat(2 ** 20)}"`]) {
    const content = Buffer.from(`${head}\n${HEAD}${at(1)},Ann\n`, "latin1");
    const { error, people } = await planned(content, { skipInvalid: true });
    assert.equal(codeOf(error), "INVALID_PEOPLE");
    assert.deepEqual(people, []);
  }
});

test(
  "a line in another encoding inside of a quoted cell rejects the whole person, not only this line",
  LIMIT,
  async () => {
    const cell = '"Hello\nJ\xf6rg is here\nbye"';
    const content = Buffer.from(`${HEAD}${at(1)},${cell}\n${at(2)},Bob\n`, "latin1");
    const found = await planned(content, { skipInvalid: true });
    assert.deepEqual(found.problems, ["3:2 not-utf8"]);
    assert.deepEqual(names(found), ["Bob"]);
    assert.equal(original(found.told[0]?.text), `${at(1)},${cell}`);
  },
);

test("a rejected line keeps its original bytes, so that it can be written to the file", LIMIT, async () => {
  const latin = `${at(1)},J\xfcrgen`;
  const long = `${at(2)},${"x".repeat(2 ** 20)}`;
  const content = Buffer.from(`${HEAD}${latin}\n${long}\n${at(3)},Bob\n`, "latin1");
  const found = await planned(content, { skipInvalid: true });
  assert.deepEqual(found.problems, ["2:15 not-utf8", "3:1 too-long"]);
  assert.deepEqual(
    found.told.map(({ text }) => original(text)),
    [latin, long],
  );
  assert.deepEqual(names(found), ["Bob"]);
  const objects = Buffer.from(`{"phone":"${at(1)}","name":"J\xfcrgen"}\n{"phone":"${at(2)}","name":"Bob"}\n`, "latin1");
  const other = await planned(objects, { skipInvalid: true }, jsonRows);
  assert.equal(original(other.told[0]?.text), objects.toString("latin1").split("\n")[0]);
  assert.deepEqual(names(other), ["Bob"]);
});

test("a line without an end, which does not fit into memory, refuses the plan", LIMIT, async () => {
  const endless = async function* () {
    yield Buffer.from(`${HEAD}${at(1)},Ann\n`);
    for (;;) yield Buffer.alloc(2 ** 20, "y");
  };
  const { error, problems } = await planned("", { skipInvalid: true, people: { rows: csvRows(endless()) } });
  assert.equal(codeOf(error), "INVALID_PEOPLE");
  assert.deepEqual(problems, ["3:1 too-long"]);
});

test(
  "line ends of old and new programs are no part of a cell, even where a chunk ends between CR and LF",
  LIMIT,
  async () => {
    for (const end of ["\n", "\r\n", "\r"])
      for (const size of [1, 2, 3, 7, 1000]) {
        const content = [HEAD.trim(), `${at(1)},Ann`, `${at(2)},"B${end}ob"`, `${at(3)},"C"`, ""].join(end);
        const rows = [];
        for await (const each of csvRows(inPieces(content, size))) rows.push("row" in each ? each.row : each);
        const cells = rows.map((row) => ("values" in row ? [row.line, row.values.name] : row));
        assert.deepEqual(
          cells,
          [
            [2, "Ann"],
            [3, "B\nob"],
            [5, "C"],
          ],
          JSON.stringify(end),
        );
      }
  },
);

test("two unclosed quotes that happen to match do not make one person of all between them", LIMIT, async () => {
  for (const content of [
    `${HEAD}${at(1)},"Ann\n${at(2)},Bob\n${at(3)},C"\n${at(4)},D\n`,
    `${HEAD}${at(1)},"Ann\n${at(2)},Bob"\n${at(4)},D\n`,
    `name,phone\n"Ann,${at(1)}\nBob",${at(2)}\nD,${at(4)}\n`,
  ]) {
    const found = await planned(content, { skipInvalid: true });
    assert.match(found.problems.join(), /^2:[12] broken-quotes$/);
    assert.equal(found.told[0]?.text, content.split("\n").slice(1, -2).join("\n"));
    assert.deepEqual(names(found), ["D"]);
  }
});

/** Lines of a file. Cells of valid people do not start with a line break: after an open quote, that is ambiguous. */
const word = fc.stringMatching(/^[a-zé€.]{1,6}$/);
const valid = fc.oneof(
  word.map((name) => [name, name]),
  word.map((name) => [`"${name}"`, name]),
  fc.tuple(word, word).map(([one, other]) => [`"${one}, ""${other}"""`, `${one}, "${other}"`]),
  fc.array(word, { minLength: 2, maxLength: 4 }).map((all) => [`"${all.join("\n")}"`, all.join("\n")]),
  fc.tuple(word, word).map(([one, other]) => [`"${one}\n\n""${other}"""`, `${one}\n\n"${other}"`]),
);
const broken = fc.constantFrom(
  '"A"nn',
  'A"nn',
  '"Ann',
  '"A" nn',
  'A""',
  '"Ann""',
  '"A\nB"C',
  "J\xfcrgen",
  '"A\nJ\xf6rg\nB"',
  "a,b",
);
const block = fc.oneof(
  { weight: 3, arbitrary: valid.map(([cell, value]) => ({ cell, value })) },
  { weight: 2, arbitrary: broken.map((cell) => ({ cell, value: undefined })) },
  { weight: 1, arbitrary: fc.constant({ cell: undefined, value: undefined }) },
);

test(
  "in files that mix valid, quoted, empty and broken lines, every line is read or told, and every valid person is read",
  LIMIT,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (blocks, size) => {
        const records = blocks.map(({ cell }, index) => {
          if (cell === undefined) return Buffer.from("");
          const isLatin = /[\xfc\xf6]/.test(cell);
          return Buffer.from(`${at(index)},${cell}`, isLatin ? "latin1" : "utf8");
        });
        const content = Buffer.concat([Buffer.from(HEAD), ...records.flatMap((record) => [record, Buffer.from("\n")])]);
        /** @type {string[]} */
        const accounted = [];
        /** @type {unknown[]} */
        const read = [];
        for await (const each of csvRows(inPieces(content, size))) {
          const { text } = "row" in each ? each.row : each.problem;
          accounted.push(...original(text).split("\n"));
          if ("row" in each) read.push(`${each.row.values.phone} ${each.row.values.name}`);
        }
        const lines = content.toString("latin1").split("\n").slice(1);
        const full = (/** @type {string[]} */ all) => all.filter((line) => line !== "");
        assert.deepEqual(full(accounted), full(lines));
        const people = blocks.flatMap(({ value }, index) => (value === undefined ? [] : [`${at(index)} ${value}`]));
        assert.deepEqual(read, people);
      }),
      { numRuns: 500 },
    );
  },
);
