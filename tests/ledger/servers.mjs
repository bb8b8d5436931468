// PostgreSQL and Redis for the tests of the ledgers: real servers, on ports of their own on 127.0.0.1, with their data in temporary
// folders. scripts/setup.sh installs them where it may; where they are missing, these tests are skipped and say so.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/free-port.mjs";
import { load } from "./tools.mjs";

const RUNNER = fileURLToPath(new URL("server-process.mjs", import.meta.url));
/** Milliseconds for a server to start. */
const PATIENCE = 60_000;
/** Milliseconds for a server to end in order; Redis, for one, may refuse to. */
const GRACE = 15_000;

/** @param {string} program @param {string[]} folders */
const found = (program, folders) =>
  [...(process.env.PATH ?? "").split(delimiter), ...folders]
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

/** Debian keeps the programs of the server out of PATH, in a folder for each version. */
const DEBIAN = "/usr/lib/postgresql";
const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
const postgresFolders = versions.map((version) => join(DEBIAN, version, "bin"));
const [initdb, postgres] = ["initdb", "postgres"].map((name) => found(name, postgresFolders));
const redisServer = found("redis-server", ["/usr/sbin"]);

/** Why the tests of PostgreSQL are skipped, or false. */
export const noPostgres =
  initdb === undefined || postgres === undefined
    ? "there is no PostgreSQL server on this machine (initdb, postgres)"
    : false;
/** Why the tests of Redis are skipped, or false. */
export const noRedis = redisServer === undefined ? "there is no redis-server on this machine" : false;

/** Whether Redis does what it is asked: it accepts connections before it has read its data. @param {number} port @returns {Promise<boolean>} */
const answersPing = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith("+PONG"));
    });
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
  });

/** PostgreSQL refuses to run as root. @returns {{ uid: number, gid: number } | undefined} */
const unprivileged = () => {
  if (process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
};

/**
 * A server that can be stopped, killed and started again on the same port and folder.
 * @param {{ command: string, args: string[], folder: string, port: number, stopSignal: NodeJS.Signals, user?: { uid: number, gid: number } | undefined, ready: () => Promise<boolean> }} what
 */
const server = async ({ command, args, folder, port, stopSignal, user, ready }) => {
  /** @type {{ pid: number, ended: Promise<unknown> } | undefined} */
  let running;
  /** Starts it, and returns whether it stayed. */
  const attempt = async () => {
    const runner = spawn(process.execPath, [RUNNER, JSON.stringify({ command, args, folder, user })], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let [over, said] = [false, ""];
    const ended = once(runner, "exit").then(() => (over = true));
    runner.stdout.setEncoding("utf8").on("data", (chunk) => (said += chunk));
    const end = Date.now() + PATIENCE;
    while (!over && Date.now() < end) {
      if (said.endsWith("\n") && (await ready())) {
        running = { pid: Number(said), ended };
        return true;
      }
      await pause(20);
    }
    if (!over) runner.kill();
    return false;
  };
  const start = async () => {
    // After a kill PostgreSQL refuses to start until the last of its processes has noticed.
    for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(100)) if (await attempt()) return;
    throw new Error(`${command} does not start:\n${readFileSync(join(folder, "server.log"), "utf8").slice(-2000)}`);
  };
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    if (running === undefined) return;
    const { pid, ended } = running;
    running = undefined;
    process.kill(pid, signal);
    if (await Promise.race([ended.then(() => false), pause(GRACE, true, { ref: false })])) process.kill(pid, "SIGKILL");
    await ended;
  };
  await start();
  return {
    port,
    folder,
    start,
    /** Ends it in order. */
    stop: () => end(stopSignal),
    /** Ends it as a crash does. */
    kill: () => end("SIGKILL"),
    /** Ends it and removes its data. */
    remove: async () => {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Starts PostgreSQL; `settings` are those of postgresql.conf. @param {Record<string, string>} [settings] */
export const startPostgres = async (settings = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const flags = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
  execFileSync(/** @type {string} */ (initdb), flags, { cwd: folder, stdio: "ignore", ...user });
  const port = await freePort();
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", shared_buffers: "16MB", ...settings };
  const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return server({
    command: /** @type {string} */ (postgres),
    args: ["-D", data, "-p", `${port}`, ...options],
    folder,
    port,
    // A fast shutdown: connections are closed.
    stopSignal: "SIGINT",
    user,
    // It accepts connections before it is ready for them.
    ready: async () => {
      const { Client } = load("pg");
      const client = new Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
      client.on("error", () => {});
      const isReady = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => {});
      return isReady;
    },
  });
};

/** Starts Redis. @param {Record<string, string>} [settings] */
export const startRedis = async (settings = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-redis-"));
  const port = await freePort();
  const all = { bind: "127.0.0.1", dir: folder, save: "", appendonly: "yes", appendfsync: "always", ...settings };
  const options = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  return server({
    command: /** @type {string} */ (redisServer),
    args: ["--port", `${port}`, ...options],
    folder,
    port,
    stopSignal: "SIGTERM",
    ready: () => answersPing(port),
  });
};
