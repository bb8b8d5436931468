// A sandbox in its own process, for tests that use up files or memory. Reports its port and exits with its parent.

import { serveSandbox } from "./server.mjs";

const { port } = await serveSandbox();
process.on("disconnect", () => process.exit());
process.send?.(port);
