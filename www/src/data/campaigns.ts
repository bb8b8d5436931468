// Campaigns as the server of this page reads them from their store. They belong to the command line, not to the API: a sandbox
// inside the page has none, and a server that was started without them says so.

import { useEffect, useRef } from "preact/hooks";
import { askServer, isLive, mode } from "../session/session.js";
import type { CampaignStatus, Person, Reason } from "../views/campaigns/types.js";
import { busiest, nextPause } from "./campaign-pace.js";
import { changed, useApi } from "./queries.js";

/** A response that is not what was asked for. */
export class CampaignProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = "CampaignProblem";
    this.code = code;
    this.status = status;
  }
}

/** This console was started without campaigns. */
const NO_STORE = "NO_STORE";

const send = async (path: string, init?: RequestInit): Promise<Response> => {
  if (mode() === "page") throw new CampaignProblem(NO_STORE, 404, "A sandbox inside a page has no campaigns.");
  const response = await askServer(`campaigns${path}`, init);
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  // A server without campaigns does not know the path, and has no code of ours.
  const known = typeof code === "string" ? code : response.status === 404 ? NO_STORE : "UNREADABLE";
  throw new CampaignProblem(known, response.status, typeof detail === "string" ? sentence(detail) : known);
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

const read = async <T>(path: string, signal: AbortSignal): Promise<T> =>
  (await (await send(path, { signal })).json()) as T;

/** Milliseconds between two readings while none has succeeded. */
const FIRST = 3000;

/** What is read over and over: each reading tells how long to wait for the next. */
interface Paced<T> {
  /** Null: this console has no campaigns, and is not asked again. */
  value: T | null;
  text: string;
  pause: number | false;
}

/** Null where there is no store of campaigns. */
const readIfThere = async <T>(path: string, signal: AbortSignal): Promise<T | null> => {
  try {
    return await read<T>(path, signal);
  } catch (error) {
    if (error instanceof CampaignProblem && error.code === NO_STORE) return null;
    throw error;
  }
};

function usePaced<T>(key: readonly string[], path: string, stateOf: (value: T) => string) {
  const last = useRef<Paced<T>>();
  const about = key.join(" ");
  const lastAbout = useRef(about);
  if (lastAbout.current !== about) {
    lastAbout.current = about;
    last.current = undefined;
  }
  return useApi<Paced<T>>(
    ["campaigns", ...key],
    async (_, signal) => {
      const value = await readIfThere<T>(path, signal);
      const text = JSON.stringify(value);
      const before = last.current;
      const pause = value === null ? false : nextPause(before?.pause || 0, before?.text !== text, stateOf(value));
      last.current = { value, text, pause };
      return last.current;
    },
    // On this machine, regardless of the account.
    {
      every: (data) => {
        const pause = data?.pause ?? FIRST;
        return pause === false ? false : pause / (isLive() ? 5 : 1);
      },
    },
  );
}

export interface CampaignList {
  /** Options by which commands reach the store. */
  flags: string;
  data: CampaignStatus[];
  total: number;
}

/** All campaigns, the newest first. */
export const useCampaigns = () =>
  usePaced<CampaignList>(["list"], "", ({ data }) => busiest(data.map(({ state }) => state)));

/** One campaign with its progress. */
export const useCampaign = (id: string) =>
  usePaced<CampaignStatus & { flags: string }>(["one", id], `/${encodeURIComponent(id)}`, ({ state }) => state);

/** People per reading. */
const PAGE = 500;

/** The first people of a campaign that are in these states; all states: those in doubt first. */
export function usePeople(id: string, states: readonly string[], wanted: number, version: string) {
  const filter = states.length === 0 ? "" : `&state=${states.join(",")}`;
  const about = `${id}${filter}`;
  const reading = useApi(["campaigns", "people", about, wanted], async (_, signal) => {
    const people: Person[] = [];
    let from = "";
    do {
      const limit = Math.min(PAGE, wanted - people.length);
      const path = `/${encodeURIComponent(id)}/people?limit=${limit}${filter}${from}`;
      const { data, next } = await read<{ data: Person[]; next: string | null }>(path, signal);
      people.push(...data);
      from = next === null ? "" : `&from=${next}`;
    } while (from !== "" && people.length < wanted);
    // Somebody may have changed states between two pages.
    return { people: [...new Map(people.map((person) => [person.seq, person])).values()], hasMore: from !== "" };
  });
  useReread(reading, version);
  // While more of them are being read, the ones that are known stay.
  const kept = useRef<{ about: string; data: typeof reading.data }>();
  if (reading.data !== undefined) kept.current = { about, data: reading.data };
  const data = kept.current?.about === about ? kept.current.data : undefined;
  return { ...reading, data };
}

/** How many people there are for each reason. */
export function useReasons(id: string, version: string) {
  const reading = useApi(["campaigns", "reasons", id], (_, signal) =>
    read<{ data: Reason[]; isComplete: boolean }>(`/${encodeURIComponent(id)}/reasons`, signal),
  );
  useReread(reading, version);
  return reading;
}

/** Reads again when the counts have changed, and not otherwise. */
function useReread(reading: { refetch: () => unknown; isFetching: boolean }, version: string): void {
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version || reading.isFetching) return;
    seen.current = version;
    void reading.refetch();
  }, [version, reading.isFetching]);
}

/** Starts, pauses, resumes, stops, or plans another round. */
export async function controlCampaign(
  { id, createdAt }: CampaignStatus,
  action: "start" | "pause" | "resume" | "stop" | "retry",
  only: readonly string[] = [],
): Promise<CampaignStatus & { retried?: number }> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ createdAt, ...(action === "retry" && { only }) }),
  };
  try {
    const response = await send(`/${encodeURIComponent(id)}/${action}`, init);
    return (await response.json()) as CampaignStatus & { retried?: number };
  } finally {
    // Also after a failure: somebody else may have done it first.
    await changed("campaigns");
  }
}

/** The report as it is saved. */
export const readReport = async (id: string, format: "csv" | "html"): Promise<Blob> =>
  (await send(`/${encodeURIComponent(id)}/report?format=${format}`)).blob();
