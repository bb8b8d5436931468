// The progress of a campaign on a terminal: one line, whatever the terminal is like, and a time that cannot be misread.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../scripts/tools.mjs";

const folder = mkdtempSync(join(tmpdir(), "agentphone-campaign-progress-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const outfile = join(folder, "show.mjs");
await build({
  entryPoints: [join(root, "cli", "src", "tasks", "campaign-show.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
/** @type {typeof import("../src/tasks/campaign-show.js")} */
const { statusLine } = await import(pathToFileURL(outfile).href);

const HOUR = 3_600_000;
const status = (/** @type {number} */ endsIn) =>
  /** @type {import("../src/campaign/status.js").Status} */ ({
    id: "spring",
    state: "running",
    reason: null,
    people: 12_000,
    finished: 4_321,
    counts: {
      waiting: 7_600,
      placing: 4,
      placed: 70,
      doubt: 5,
      answered: 3_000,
      voicemail: 900,
      busy: 200,
      "no-answer": 200,
      failed: 21,
      sent: 0,
      skipped: 0,
    },
    perMinute: 88,
    endsAt: new Date(Date.now() + endsIn).toISOString(),
    working: true,
  });
const plain = (/** @type {string} */ text) => text.replaceAll(/\u001b\[[\d;]*m/g, "");

test("the line fits a narrow terminal: one that wraps could not be cleared, and would fill the screen", () => {
  for (const most of [20, 79, 100, 120, 160]) {
    const text = plain(statusLine(status(HOUR), most));
    assert.ok(text.length <= most, `${text.length} characters of ${most}: ${text}`);
    assert.match(text, /4321\/12000 /);
  }
  assert.match(plain(statusLine(status(HOUR))), /^[█░]{30} 4321\/12000 running, 3000 answered/);
});

test("an end on another day has its date", () => {
  assert.match(statusLine(status(72 * HOUR)), /done at about \d{4}-\d\d-\d\d \d\d:\d\d$/);
  const soon = new Date(Date.now() + 1_000);
  // Not in the last second of a day.
  if (soon.getDate() === new Date().getDate()) assert.match(statusLine(status(1_000)), /done at about \d\d:\d\d$/);
});
