// @ts-check
// `agentphone-sandbox --open`: the console in a browser. The console is in the package of the command line, because most users of
// the sandbox never look at it and would still download it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const PACKAGE = "agentphone-wasm-cli/package.json";

/** Where `from` finds a package. @param {string} from */
const packageSeenFrom = (from) => {
  try {
    return dirname(createRequire(pathToFileURL(join(from, "x"))).resolve(PACKAGE));
  } catch {
    return undefined;
  }
};

/**
 * The folder of the console, where agentphone-wasm-cli is installed beside this package or in the current folder.
 * @param {string} here The folder of this package's code.
 */
export function consoleFolder(here) {
  for (const from of [here, process.cwd()]) {
    const found = packageSeenFrom(from);
    const folder = found === undefined ? undefined : join(found, "dist", "console");
    if (folder !== undefined && existsSync(join(folder, "index.html"))) return folder;
  }
  return undefined;
}

/** What opens an address, by system. @param {string} url @returns {[string, string[]]} */
const opener = (url) => {
  if (process.platform === "darwin") return ["open", [url]];
  // `start` is a word of the shell; its first argument in quotes is a title.
  if (process.platform === "win32") return ["cmd", ["/c", "start", '""', url]];
  return ["xdg-open", [url]];
};

/** Opens an address; calls `onProblem` where nothing can. @param {string} url @param {() => void} onProblem */
export function openPage(url, onProblem) {
  const [command, args] = opener(url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", onProblem);
  child.unref();
}
