// @ts-check
// The browsers of this machine, for every test and benchmark that looks at a page.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** Nothing leaves this machine: the browser's own traffic is turned off. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The first of these programs in PATH. @param {string[]} names */
const found = (names) => {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
};

/** The path of Chromium. */
export function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const path = found(names);
  assert.ok(path, `none of ${names.join(", ")} is in PATH`);
  return path;
}

/** The path of Firefox, if there is one. */
export const findFirefox = () => found(["firefox-esr", "firefox"]);

/** Starts Chromium. */
export const launch = () => chromium.launch({ executablePath: findBrowser(), args: FLAGS });
