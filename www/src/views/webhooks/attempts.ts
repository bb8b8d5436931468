// The attempts of a delivery, with what was sent and what came back. The API logs only the latest response; a sandbox
// knows all of it.

import type { Delivery as Attempt } from "agentphone-wasm/sandbox";
import { changed, useApi } from "../../data/queries.js";
import { control, isLive } from "../../session/session.js";

export type { Attempt };

/** Whether requests and attempts are known, and one can send again. */
export const knowsAttempts = (): boolean => !isLive();

const pathOf = (id: string): string => `deliveries/${encodeURIComponent(id)}`;

/** The attempts, oldest first. */
export const useAttempts = (id: string) =>
  useApi(
    ["webhooks", "deliveries", "attempts", id],
    () => control<{ data: Attempt[] }>("GET", pathOf(id)).then(({ data }) => data),
    { every: 2000, enabled: knowsAttempts() },
  );

/** Makes one more attempt now. */
export async function resend(id: string): Promise<void> {
  await control("POST", `${pathOf(id)}/resend`);
  await changed("webhooks", "deliveries");
}
