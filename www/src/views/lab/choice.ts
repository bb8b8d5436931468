// What was chosen in the lab. It lives in the address, so that a run can be shown to somebody else.

import { filter, setFilter } from "../../app/location.js";
import { FAULTS, type Fault } from "./catalogue.js";
import { OPERATIONS, type Operation } from "./operations.js";

export interface Choice {
  fault: Fault;
  operation: Operation;
  /** Whether only the first request meets the fault, so that a retry gets through. */
  firstOnly: boolean;
  /** Retries after the first request. */
  retries: number;
  /** Milliseconds for one attempt; absent for the client's own. */
  timeout: number | undefined;
  /** Milliseconds after which the call is aborted. */
  abortAfter: number | undefined;
}

/** The client's own number of retries. */
export const RETRIES = 2;

const LOST = FAULTS.find(({ id }) => id === "cut-before-headers");

/** Whether a fault can be tried on an operation. */
export const fits = ({ burst, operations }: Fault, { id, crowd }: Operation): boolean =>
  (burst === undefined || crowd) && (operations?.includes(id) ?? true);

/** What the address says; what it does not say, or says wrongly, is as usual. */
export function chosen(): Choice {
  const fault = FAULTS.find(({ id }) => id === filter("fault")) ?? LOST;
  const able = OPERATIONS.filter((one) => fault !== undefined && fits(fault, one));
  const operation = able.find(({ id }) => id === filter("operation")) ?? able[0];
  if (fault === undefined || operation === undefined) throw new Error("the lab has nothing to choose from");
  return {
    fault,
    operation,
    firstOnly: filter("hits") === "first" && fault.burst === undefined,
    retries: whole("retries", 0, 10) ?? RETRIES,
    timeout: whole("timeout", 1, 600_000) ?? fault.timeout,
    abortAfter: whole("abort", 1, 600_000),
  };
}

function whole(name: string, least: number, most: number): number | undefined {
  const text = filter(name);
  const value = Number(text);
  return text !== "" && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** Writes a choice into the address; the usual one leaves it. */
export const choose = (name: "fault" | "operation" | "hits" | "retries" | "timeout" | "abort", value: string): void =>
  setFilter({ [name]: value });
