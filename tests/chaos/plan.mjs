// What a run of chaos does, drawn from its seed: which keys there are, whose answers are lost and how, and after how many
// settled keys a worker is killed and the database restarted.

import { choices, seeded } from "../fuzz/chance.mjs";

/** @typedef {import("agentphone-wasm/sandbox").FaultRule} FaultRule */
/** One thing that is wanted once. `twice`: two workers are told to do it at the same time. @typedef {{ key: string, toNumber: string, fault: FaultRule | undefined, twice: boolean }} Job */
/** @typedef {{ jobs: Job[], kills: number[], restarts: number[], random: () => number }} Plan */

/** Milliseconds by which the latest call is placed after its request, or is shown after it was placed. Whoever sends again what was not found looks longer. */
export const LATEST = 1_000;

/** How an answer gets lost, in the four kinds of the table. @type {Record<string, (late: number) => FaultRule[]>} */
export const LOSSES = {
  after: (late) => [
    { cut: "before-headers" },
    { cut: "mid-body" },
    { status: 500, effect: true },
    { cut: "before-headers", unlisted: { forMs: late, from: "lists" } },
  ],
  before: () => [{ cut: "before-effect" }],
  stalled: () => [{ stall: "headers" }, { stall: "body" }],
  late: (late) => [
    { cut: "before-headers", late: { afterMs: late } },
    { stall: "headers", late: { afterMs: late } },
    { status: 504, shape: "html", late: { afterMs: late } },
  ],
};

/** Draws a plan. @param {{ keys: number, seed: number, kills: number, restarts: number }} size @returns {Plan} */
export const planOf = ({ keys, seed, kills, restarts }) => {
  const random = seeded(seed);
  const { pick, below, chance } = choices(random);
  const kinds = Object.values(LOSSES);
  /** A third of all, and as many of each kind. @type {(FaultRule | undefined)[]} */
  const fates = Array.from({ length: keys }, (_, at) => {
    const kind = at % 3 === 0 ? kinds[(at / 3) % kinds.length] : undefined;
    return kind && pick(kind(1 + below(LATEST)));
  });
  for (let at = keys - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    [fates[at], fates[other]] = [fates[other], fates[at]];
  }
  const jobs = fates.map((fault, at) => {
    // One in ten is for the person of the one before: the two share a lane.
    const person = at % 10 === 9 ? at - 1 : at;
    return { key: `reminder-${at}`, toNumber: `+1415555${`${person}`.padStart(4, "0")}`, fault, twice: chance(0.2) };
  });
  const points = (/** @type {number} */ count) =>
    Array.from({ length: count }, () => below(keys)).sort((one, other) => one - other);
  return { jobs, kills: points(kills), restarts: points(restarts), random };
};

/** The key of the account. */
export const API_KEY = "sk_test_chaos";
