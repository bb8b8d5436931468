// `npm run bench`: builds what is missing, then measures beside raw `fetch` and the official SDK.

import { join } from "node:path";
import { buildConsole, buildPackage } from "./build.mjs";
import { prepare, root, run } from "./tools.mjs";

prepare({ browser: true });
await buildPackage();
buildConsole();
run(process.execPath, [join(root, "benches", "run.mjs"), ...process.argv.slice(2)]);
