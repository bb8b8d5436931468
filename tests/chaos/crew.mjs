// The workers of a run of chaos: gives them what is to be done, kills them, and starts others in their place. What a dead
// worker had been told to do, another one is told.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @import { Order, Report } from "./worker.mjs" */
/** @typedef {{ child: import("node:child_process").ChildProcess, orders: Map<number, Order>, isReady: boolean }} Worker */

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));
/** Orders that a worker has at a time. */
const SHARE = 8;

/**
 * @param {{ size: number, settings: object, report: (report: Report) => void }} crew `settings`: what the workers are started with
 */
export const startCrew = ({ size, settings, report }) => {
  /** @type {Worker[]} */
  const workers = [];
  /** @type {Order[]} */
  const waiting = [];
  const counts = { killed: 0, died: 0 };
  let isOver = false;

  const assign = () => {
    for (;;) {
      const free = workers.filter(({ isReady, orders }) => isReady && orders.size < SHARE);
      // The idlest first, so that the two uses of one key meet in different processes.
      const worker = free.sort((one, other) => one.orders.size - other.orders.size)[0];
      const order = worker && waiting.shift();
      if (!worker || !order) return;
      worker.orders.set(order.use, order);
      // One that has just died cannot be told: its orders are given to others when it is known.
      worker.child.send(order, () => {});
    }
  };
  const hire = () => {
    const child = fork(WORKER, [JSON.stringify(settings)], {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const worker = { child, orders: new Map(), isReady: false };
    workers.push(worker);
    child.on("message", (/** @type {"ready" | Report} */ message) => {
      if (message === "ready") worker.isReady = true;
      // What a worker said before it died counts.
      else if (worker.orders.delete(message.use)) report(message);
      assign();
    });
    child.once("close", (code, signal) => {
      workers.splice(workers.indexOf(worker), 1);
      if (isOver) return;
      if (signal !== "SIGKILL") counts.died += 1;
      waiting.unshift(...worker.orders.values());
      // One that fails by itself would be replaced for ever.
      if (signal === "SIGKILL") hire();
      else console.error(`a worker ended with ${code ?? signal}`);
    });
  };
  for (let at = 0; at < size; at += 1) hire();
  return {
    counts,
    /** @param {Order} order */
    give: (order) => {
      waiting.push(order);
      assign();
    },
    /** Kills the one with this number, counted from any; false where none is at work. @param {number} at */
    kill: (at) => {
      const busy = workers.filter(({ isReady, orders }) => isReady && orders.size > 0);
      const worker = busy[at % busy.length];
      if (worker === undefined) return false;
      worker.isReady = false;
      counts.killed += 1;
      return worker.child.kill("SIGKILL");
    },
    stop: () => {
      isOver = true;
      for (const { child } of workers) child.kill("SIGKILL");
    },
  };
};
