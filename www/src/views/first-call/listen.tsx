// The transcript of the first call, while it is spoken.

import type { Call } from "agentphone-wasm";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { account, api } from "../../session/session.js";
import { Transcript } from "../calls/transcript.js";
import { TranscriptFeed } from "../calls/transcript-feed.js";
import { goesOn } from "../calls/words.js";
import styles from "./first-call.module.css";

/** The transcript, with a link to the call. */
export function Listen({ call, agent }: { call: Call; agent: string }) {
  const feed = useMemo(() => new TranscriptFeed(api(), call.id, () => void changed()), [account.value, call.id]);
  useLayoutEffect(() => {
    void feed.follow();
    return () => feed.close();
  }, [feed]);
  const talking = call.status === "in-progress";
  return (
    <>
      <div class={styles.talk}>
        <Transcript
          feed={feed}
          live={goesOn(call)}
          agent={agent}
          other="Somebody"
          silence={talking ? "Nothing has been said yet." : "Ringing…"}
        />
      </div>
      <div class="row">
        <a class="button" href={`#/calls/${call.id}`}>
          Open the call
        </a>
      </div>
    </>
  );
}
