// The policy of the tools: limits from a file, and whether a person must approve.

import { type Policy, policy } from "agentphone-wasm/tools";
import { policyFile, policyOptions } from "../policy/file.js";

export type Approve = "never" | "spend" | "every";

/**
 * The policy of the tools.
 * @param file Its options as JSON. Default: that of the environment.
 * @param approve The value of `--approve`; it overrides the file.
 * @param standard The default if neither is set.
 */
export const rulesOf = (file: string | undefined, approve: Approve | undefined, standard: Approve): Policy => {
  const from = policyFile(file);
  const options = from === undefined ? {} : policyOptions(from);
  const own = typeof options.approval === "object" ? options.approval : undefined;
  const approval = own && approve ? { ...own, when: approve } : (approve ?? options.approval ?? standard);
  return policy({ ...options, approval });
};
