// Reports the package's public interface: every exported name with its type, without comments, sorted, one file
// per entry in tests/types/api. The reports are committed, so that a change of the interface shows up in a diff
// and gets reviewed; tests/package/types-api.test.mjs fails if they are older than the types. `npm run api`
// accepts a change. Uses API Extractor, whose format is widely known.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "../tests/support/type-tools.mjs";
import { buildPackage } from "./build.mjs";
import { prepare, root } from "./tools.mjs";

const home = join(root, "pkg");

/** Folder of the reports. */
export const kept = join(root, "tests", "types", "api");

/** Entries by the name of their report. An entry that contains another is reported as the difference. @type {Record<string, { types: string, beside?: string }>} */
export const entries = {
  index: { types: "dist/index.d.cts" },
  slim: { types: "dist/slim.d.cts", beside: "index" },
  webhooks: { types: "dist/webhooks/index.d.cts" },
  ledger: { types: "dist/ledger/index.d.cts" },
  toolkit: { types: "dist/toolkit/index.d.cts" },
  otel: { types: "dist/otel/index.d.cts" },
  tools: { types: "dist/tools/index.d.cts" },
  sandbox: { types: "dist/sandbox/index.d.cts" },
  "sandbox-slim": { types: "dist/sandbox/slim.d.cts", beside: "sandbox" },
  "sandbox-demo": { types: "dist/sandbox/demo.d.cts" },
};

/**
 * The report of one entry.
 * @param {any} extractor API Extractor, installed with its types only when needed (`tests/types/tools`)
 * @param {string} types @param {string} folder
 */
const extracted = ({ Extractor, ExtractorConfig }, types, folder) => {
  const mainEntryPointFilePath = join(home, types);
  const compilerOptions = { target: "es2022", module: "nodenext", lib: ["es2022", "dom"], types: [], strict: true };
  const quiet = { default: { logLevel: "none" } };
  const configObject = {
    projectFolder: home,
    mainEntryPointFilePath,
    newlineKind: "lf",
    compiler: { overrideTsconfig: { compilerOptions, files: [mainEntryPointFilePath] } },
    apiReport: {
      enabled: true,
      reportFileName: "report.api.md",
      reportFolder: folder,
      reportTempFolder: join(folder, "temp"),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: "error" } },
      extractorMessageReporting: quiet,
      tsdocMessageReporting: quiet,
    },
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(home, "package.json"),
  });
  /** @type {string[]} */
  const faults = [];
  const messageCallback = (/** @type {{ logLevel: string, text: string, handled: boolean }} */ message) => {
    if (message.logLevel === "error") faults.push(message.text);
    message.handled = true;
  };
  const { succeeded } = Extractor.invoke(config, { localBuild: true, messageCallback });
  if (!succeeded) throw new Error(`${types}: ${faults.join("; ")}`);
  return readFileSync(join(folder, "report.api.md"), "utf8");
};

/** The declarations of a report, each as one string. */
const declarations = (/** @type {string} */ report) =>
  report
    .slice(report.indexOf("```ts") + 5, report.lastIndexOf("```"))
    .trim()
    .split(/\n\n(?=\/\/ )/);

/** What a report adds to another, and the names of what it lacks. @param {string} report @param {string} other @param {string} name */
const difference = (report, other, name) => {
  const [mine, theirs] = [declarations(report), declarations(other)];
  const added = mine.filter((one) => !theirs.includes(one));
  const lost = theirs.filter((one) => !mine.includes(one));
  const lacking = lost.length > 0 ? `\n// Lacks, or has otherwise:\n\n${lost.join("\n\n")}\n` : "";
  return `${report.slice(0, report.indexOf("```ts"))}What it has beside \`${name}.api.md\`.\n\n\`\`\`ts\n\n${added.join("\n\n")}\n${lacking}\n\`\`\`\n`;
};

/** The reports of the built package: `{ index: text, … }`. */
export const reports = async () => {
  const { default: extractor } = await load("@microsoft/api-extractor");
  const folder = mkdtempSync(join(tmpdir(), "agentphone-api-"));
  /** @type {Map<string, string>} */
  const made = new Map();
  for (const [name, { types }] of Object.entries(entries)) made.set(name, extracted(extractor, types, folder));
  rmSync(folder, { recursive: true, force: true });
  const textOf = (/** @type {string} */ name) => made.get(name) ?? "";
  return Object.fromEntries(
    Object.entries(entries).map(([name, { beside }]) => [
      name,
      beside ? difference(textOf(name), textOf(beside), beside) : textOf(name),
    ]),
  );
};

if (process.argv[1] === join(root, "scripts", "api.mjs")) {
  prepare();
  await buildPackage();
  mkdirSync(kept, { recursive: true });
  for (const [name, report] of Object.entries(await reports())) writeFileSync(join(kept, `${name}.api.md`), report);
  process.stdout.write(`${kept}\n`);
}
