// `npm run bench`: builds what is missing, then measures this package, raw `fetch` and the official SDK.

import { join } from "node:path";
import { buildConsole, buildPackage } from "./build.mjs";
import { buildCli } from "./build-cli.mjs";
import { prepare, root, run } from "./tools.mjs";

prepare({ browser: true });
await buildPackage();
buildConsole();
await buildCli();
run(process.execPath, [join(root, "benches", "run.mjs"), ...process.argv.slice(2)]);
