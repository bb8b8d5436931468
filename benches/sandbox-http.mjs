// The sandbox as a server, compared with Prism on the same contract: the same load tool, taking turns in each
// round, and the CPU time of each server's process as counted by the system, so that the load tool and a busy
// machine do not count against the server.

import { execFileSync, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** @import { Foreign } from "../tests/support/foreign.js" */

const root = new URL("../", import.meta.url);
const tools = fileURLToPath(new URL("target/bench-tools/", root));
const TOOLS = { "@stoplight/prism-cli": "5.14.2", autocannon: "9.0.0" };
const CONNECTIONS = 64;
/** CPU clock ticks per second. Linux has no other value on common machines. */
const TICKS = 100;

/** The load tool and Prism, downloaded once into target/. */
const fetchTools = () => {
  const wanted = JSON.stringify({ private: true, dependencies: TOOLS });
  const mark = `${tools}installed.json`;
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
    mkdirSync(tools, { recursive: true });
    writeFileSync(`${tools}package.json`, wanted);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent"], { cwd: tools });
    writeFileSync(mark, wanted);
  }
  return createRequire(`${tools}package.json`)("autocannon");
};

/** CPU seconds used by a process and its children. */
const cpuOf = (/** @type {Foreign} */ pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

/** A sandbox in its own process, with a store of agents. */
export const startSandbox = async (/** @type {number} */ agents, options = {}) => {
  const child = fork(fileURLToPath(new URL("programs/sandbox-server.mjs", import.meta.url)), [
    String(agents),
    JSON.stringify(options),
  ]);
  const url = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the sandbox did not start")));
  });
  return { url, pid: child.pid, stop: () => child.kill() };
};

const startPrism = async () => {
  // Prism does not support port 0, so it gets one that was free a moment ago.
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  await new Promise((resolve) => probe.close(resolve));
  const contract = fileURLToPath(new URL("contract/openapi.yaml", root));
  const prism = `${tools}node_modules/@stoplight/prism-cli/dist/index.js`;
  const child = spawn(process.execPath, [prism, "mock", contract, "--port", String(port), "--verboseLevel", "silent"], {
    stdio: "ignore",
  });
  for (let left = 300; left > 0 && child.exitCode === null; left--) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(!!socket.destroy())).on("error", () => resolve(false));
    });
    if (open) return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => child.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error("Prism did not start");
};

/** Requests, CPU time and latencies under this many seconds of load. */
const load = async (
  /** @type {Foreign} */ autocannon,
  /** @type {Foreign} */ server,
  /** @type {number} */ seconds,
) => {
  const before = cpuOf(server.pid);
  const seen = await autocannon({
    url: `${server.url}/v1/agents?limit=20`,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { authorization: "Bearer sk_bench" },
  });
  if (seen.non2xx > 0 || seen.errors > 0) throw new Error(`${seen.non2xx} errors of ${seen.requests.total} answers`);
  const cpu = cpuOf(server.pid) - before;
  return {
    perSecond: seen.requests.average,
    perCore: seen.requests.total / cpu,
    p50: seen.latency.p50,
    p99: seen.latency.p99,
    bytes: Math.round(seen.throughput.total / seen.requests.total),
  };
};

/**
 * The same with wrk, if it is installed (Debian: `apt install wrk`): autocannon is a Node process that is as busy as
 * the server, so its own queueing counts as the server's latency.
 */
const loadByWrk = (/** @type {Foreign} */ server, /** @type {number} */ seconds) => {
  const before = cpuOf(server.pid);
  const args = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "--latency",
    "-H",
    "authorization: Bearer sk_bench",
    `${server.url}/v1/agents?limit=20`,
  ];
  const { status, stdout } = spawnSync("wrk", args, { encoding: "utf8" });
  if (status !== 0) return undefined;
  const millis = (/** @type {number} */ percent) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout) ?? [];
    return Number(value) * (unit === "us" ? 0.001 : unit === "ms" ? 1 : 1000);
  };
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  return {
    perSecond: requests / seconds,
    perCore: requests / (cpuOf(server.pid) - before),
    p50: millis(50),
    p99: millis(99),
  };
};

/** Figures by server: `{ perSecond, perCore, p50, p99, bytes }`. */
export const measureHttp = async (/** @type {Foreign} */ { quick }) => {
  const autocannon = fetchTools();
  /** @type {Record<string, Foreign>} */
  const servers = { sandbox: await startSandbox(10_000), prism: await startPrism() };
  /** @type {Record<string, Foreign>} */
  const figures = {};
  try {
    for (const name of Object.keys(servers)) await load(autocannon, servers[name], 2);
    const seconds = quick ? 3 : 10;
    for (const name of Object.keys(servers)) figures[name] = await load(autocannon, servers[name], seconds);
    const lighter = loadByWrk(servers.sandbox, seconds);
    if (lighter) figures.wrk = { ...lighter, bytes: figures.sandbox.bytes };
  } finally {
    for (const server of Object.values(servers)) server.stop();
  }
  return figures;
};
