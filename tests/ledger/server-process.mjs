// Runs a database server as a child, and ends it and removes its folder when the process that asked for it is gone: its end
// closes our standard input. Otherwise a test that is killed would leave a server behind.

import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";

const { command, args, folder, user } = JSON.parse(process.argv[2] ?? "");
const log = openSync(join(folder, "server.log"), "a");
const child = spawn(command, args, { cwd: folder, stdio: ["ignore", log, log], ...user });
closeSync(log);
child.on("error", (error) => {
  process.stdout.write(`${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
child.on("spawn", () => process.stdout.write(`${child.pid}\n`));
process.stdin.resume().on("end", () => {
  child.removeAllListeners("exit").on("exit", () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
  child.kill("SIGKILL");
});
