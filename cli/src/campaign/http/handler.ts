// The campaigns of a store over HTTP: a function from a request to its response, which the console's servers call. It shows phone
// numbers and can start calls, so the server in front of it must decide who may use it.

import { campaignOf, pause, resume, retry, start, stop } from "../control.js";
import { writeReport } from "../report/report.js";
import type { CampaignStore } from "../store/store.js";
import type { Campaign } from "../types.js";
import { type Action, type ActionAsked, actionAsked, askedBy, peopleAsked, Refusal } from "./asked.js";
import { campaignShown, peopleShown, reasonsShown } from "./shown.js";
import { sparing } from "./sparing.js";

export interface CampaignHandlerOptions {
  /** The store; a function that resolves to undefined while there is none. */
  readonly store: CampaignStore | (() => Promise<CampaignStore | undefined>);
  /** The path of the list; everything else is below it. Default: `/campaigns`. */
  readonly path?: string | undefined;
  /** The options by which commands reach the same store, e.g. `--store people.db`; shown to people, so without a password. */
  readonly flags?: string | undefined;
  readonly now?: (() => number) | undefined;
}

/** Campaigns in the list. */
const MOST_CAMPAIGNS = 100;
/** Milliseconds for which the counts of a campaign that has ended are kept. */
const ENDED = 60_000;
/** Characters of a report that are written at once. */
const PIECE = 65_536;

const STATUSES: Readonly<Record<string, number>> = {
  NO_CAMPAIGN: 404,
  WRONG_STATE: 409,
  INVALID_CAMPAIGN: 400,
  STORE_UNAVAILABLE: 503,
  STORE_CONFIGURATION: 500,
  STORE_MISSING: 500,
  STORE_VERSION: 500,
};

const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });

/** An unexpected error is not shown, because its message may contain anything. */
const failed = (error: unknown): Response => {
  if (error instanceof Refusal) return json({ detail: error.message, code: error.code }, error.status, error.headers);
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const status = STATUSES[code];
  return status === undefined
    ? json({ detail: "the campaigns could not be read", code: "INTERNAL_ERROR" }, 500)
    : json({ detail: message, code }, status);
};

/** A report as it is read from the store, no faster than it is received. */
const report = (store: CampaignStore, campaign: Campaign, format: string): Response => {
  if (format !== "csv" && format !== "html") throw new Refusal(400, "INVALID_ARGUMENT", "format must be csv or html");
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  let piece = "";
  const flush = async (): Promise<void> => {
    const bytes = encoder.encode(piece);
    piece = "";
    await writer.ready;
    await writer.write(bytes);
  };
  const write = async (text: string): Promise<void> => {
    piece += text;
    if (piece.length >= PIECE) await flush();
  };
  writeReport(store, campaign, format, undefined, write)
    .then(flush)
    .then(() => writer.close())
    // The receiver has left, or the store has failed: then the response breaks off, and cannot be taken for a whole one.
    .catch((error: unknown) => writer.abort(error).catch(() => {}));
  const type = format === "csv" ? "text/csv" : "text/html";
  return new Response(readable, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${campaign.id}.${format}"`,
      "cache-control": "no-store",
    },
  });
};

const act = async (
  store: CampaignStore,
  campaign: Campaign,
  action: Action,
  { createdAt, only }: ActionAsked,
  now: number,
): Promise<{ readonly retried?: number }> => {
  const { id } = campaign;
  if (createdAt !== undefined && createdAt !== campaign.createdAt)
    throw new Refusal(409, "ANOTHER_CAMPAIGN", "this id now belongs to another campaign: look at it first");
  if (action === "retry") return { retried: await retry(store, id, only, now) };
  await { start, pause, resume, stop }[action](store, id, now);
  return {};
};

/**
 * `GET /campaigns`, `/campaigns/ID`, `/campaigns/ID/people`, `/reasons` and `/report`; `POST /campaigns/ID/start`, `/pause`,
 * `/resume`, `/stop` and `/retry`. Never rejects: errors are responses with `detail` and `code`.
 */
export const campaignHandler = ({
  store: given,
  path = "/campaigns",
  flags = "",
  now = Date.now,
}: CampaignHandlerOptions): ((request: Request) => Promise<Response>) => {
  const reads = sparing();
  const shown = (store: CampaignStore, campaign: Campaign) => {
    const { id, createdAt, state, endedAt } = campaign;
    const isOver = state === "done";
    const key = `${id} ${createdAt} ${state} ${endedAt}`;
    return reads.read(key, () => campaignShown(store, campaign, now()), isOver ? ENDED : undefined);
  };
  const list = async (store: CampaignStore | undefined): Promise<Response> => {
    const all = (await store?.list())?.filter(({ state }) => state !== "draft") ?? [];
    const data = [];
    for (const campaign of all.slice(0, MOST_CAMPAIGNS))
      if (store !== undefined) data.push(await shown(store, campaign));
    return json({ flags, data, total: all.length });
  };
  return async (request) => {
    try {
      const url = new URL(request.url);
      if (url.pathname !== path && !url.pathname.startsWith(`${path}/`))
        throw new Refusal(404, "NOT_FOUND", "there is nothing at this path");
      const asked = askedBy(request.method, url.pathname.slice(path.length));
      const store = typeof given === "function" ? await given() : given;
      if (asked.what === "list") return await list(store);
      if (store === undefined) throw new Refusal(404, "NO_CAMPAIGN", "this store has no campaign with this id");
      const { id, what } = asked;
      const campaign = await campaignOf(store, id);
      switch (what) {
        case "campaign":
          return json({ flags, ...(await shown(store, campaign)) });
        case "people":
          return json(await peopleShown(store, id, peopleAsked(url.searchParams)));
        case "reasons":
          return json(await reads.read(`reasons ${id} ${campaign.createdAt}`, () => reasonsShown(store, id)));
        case "report":
          return report(store, campaign, url.searchParams.get("format") ?? "csv");
        default: {
          const done = await act(store, campaign, what, await actionAsked(request), now());
          reads.forget();
          return json({ flags, ...(await shown(store, await campaignOf(store, id))), ...done });
        }
      }
    } catch (error) {
      return failed(error);
    }
  };
};
