// The calls that go on, side by side, each with what is said in it.

import type { CallSummary } from "agentphone-wasm";
import { Radio } from "lucide-preact";
import { useEffect, useMemo } from "preact/hooks";
import { openPlaceCall } from "../../app/place-call.js";
import { useApi } from "../../data/queries.js";
import { account, api, mode } from "../../session/session.js";
import { count } from "../../ui/format.js";
import { usePersonText } from "../../ui/person.js";
import { Empty, Loaded } from "../../ui/states.js";
import { Status } from "../../ui/values.js";
import styles from "./calls.module.css";
import { Length } from "./length.js";
import { Transcript } from "./transcript.js";
import { TranscriptFeed } from "./transcript-feed.js";
import { Who } from "./who.js";
import { otherSide } from "./words.js";

/**
 * Transcripts that are followed at once. A browser opens six connections to a server, and each transcript
 * holds one: the others show the last words from the list. The sandbox inside the page needs no connection.
 */
const FOLLOWED = { page: 100, server: 3, live: 3 };
const LIVE = ["in-progress", "ringing", "queued"];

/** The calls that go on. */
export function LiveWall() {
  const live = useApi(
    ["calls", "live"],
    async (client, signal) => {
      const pages = await Promise.all(LIVE.map((status) => client.calls.list({ status, limit: 100 }, { signal })));
      // A call may have moved on between two of the answers.
      return [...new Map(pages.flatMap(({ data }) => data).map((call) => [call.id, call])).values()];
    },
    { every: 2000 },
  );
  return (
    <Loaded from={live} what="the calls that go on">
      {(calls) =>
        calls.length === 0 ? (
          <Empty title="No live calls.">
            <p>Calls show up here while they ring and speak.</p>
            <button type="button" class="primary" onClick={() => openPlaceCall()}>
              Place a call
            </button>
          </Empty>
        ) : (
          <>
            <p class={`muted small ${styles.count}`} role="status">
              {count(calls.length, "call")} under way
            </p>
            <ul class={styles.wall}>
              {calls.map((call, index) => (
                <LiveCall key={call.id} call={call} follow={index < FOLLOWED[mode()]} />
              ))}
            </ul>
          </>
        )
      }
    </Loaded>
  );
}

function LiveCall({ call, follow }: { call: CallSummary; follow: boolean }) {
  const other = otherSide(call);
  const textOf = usePersonText();
  return (
    <li class={`card ${styles.call}`}>
      <div class="row between">
        <a href={`#/calls/${call.id}`}>
          <Who call={call} />
        </a>
        <span class="row">
          <Status value={call.status} />
          <Length call={call} />
        </span>
      </div>
      {follow && call.status === "in-progress" ? (
        <Speaking call={call} other={other === undefined ? "Caller" : textOf(other)} />
      ) : (
        <p class={`muted ${styles.words}`}>
          <Radio aria-hidden="true" size={16} />
          {call.lastTranscriptSnippet ?? "Nothing has been said yet."}
        </p>
      )}
      <p class="muted small">{call.agentName ?? call.agentId}</p>
    </li>
  );
}

function Speaking({ call: { id, agentName }, other }: { call: CallSummary; other: string }) {
  const feed = useMemo(() => new TranscriptFeed(api(), id), [account.value, id]);
  useEffect(() => {
    void feed.follow();
    return () => feed.close();
  }, [feed]);
  return (
    <Transcript feed={feed} live agent={agentName ?? "Agent"} other={other} silence="Nothing has been said yet." />
  );
}
