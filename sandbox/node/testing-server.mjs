// A sandbox in a process of its own, for tests that use up files or memory. Tells its port and ends
// with whoever started it.

import { serveSandbox } from "./server.mjs";

const { port } = await serveSandbox();
process.on("disconnect", () => process.exit());
process.send?.(port);
