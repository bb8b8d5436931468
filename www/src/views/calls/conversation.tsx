// The recording, the figures and the transcript of a call, which are linked to each other.

import { useComputed } from "@preact/signals";
import type { Call } from "agentphone-wasm";
import { ChevronDown, ChevronUp } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { account, api } from "../../session/session.js";
import styles from "./call.module.css";
import { answeredAt, type Seen } from "./course.js";
import { ExportMenu } from "./export-menu.js";
import { Insights } from "./insights.js";
import { RATE } from "./peaks.js";
import { Playback } from "./playback.js";
import { Player } from "./player.js";
import { Recording, useSound } from "./recording.js";
import { Transcript } from "./transcript.js";
import { TranscriptFeed } from "./transcript-feed.js";
import { latenciesOf, sharesOf, startsOf, turnAt, turnsWith, voiceOf } from "./turn-times.js";
import { goesOn, millisOf } from "./words.js";

interface ConversationProps {
  call: Call;
  seen: Seen;
  agent: string;
  other: string;
}

/** All of it. */
export function Conversation({ call, seen, agent, other }: ConversationProps) {
  const { id } = call;
  const live = goesOn(call);
  const feed = useMemo(() => new TranscriptFeed(api(), id, () => void changed("calls")), [account.value, id]);
  useEffect(() => {
    void feed.follow();
    return () => feed.close();
  }, [feed]);
  const fetched = useSound(call);
  const { sound } = fetched;
  const playback = useMemo(() => new Playback(), [id]);
  const turns = feed.turns.value;
  const roles = useMemo(() => turns.map(({ role }) => role), [turns]);
  const ended = millisOf(call.endedAt);
  // The recording's own length is exact; that of the call may be rounded.
  const length = playback.length.value || call.durationSeconds || 0;
  const began = ended === undefined ? answeredAt(call, seen) : ended - length * 1000;
  const starts = useMemo(() => startsOf(turns, began ?? millisOf(turns[0]?.createdAt) ?? 0), [turns, began]);
  const voice = useMemo(() => sound?.samples && voiceOf(sound.samples, RATE), [sound?.samples]);
  const measured = useMemo(
    () => voice && { shares: sharesOf(turns, starts, voice), latencies: latenciesOf(turns, starts, voice) },
    [voice, turns, starts],
  );
  const place = useComputed(() => (playback.at.value > 0 || playback.playing.value ? playback.at.value : -1));
  const spoken = useComputed(() => turnAt(starts, place.value));
  const search = useSearch(turns);
  const nameOf = ({ role }: { role: string }): string => (role === "agent" ? agent : other);
  const told = { call, turns, starts, nameOf, length };
  return (
    <>
      {!live && (
        <Recording call={call} fetched={fetched}>
          {(here) => <Player {...{ sound: here, playback, starts, roles, agent, other }} />}
        </Recording>
      )}
      <section class="card" aria-labelledby="transcript">
        <div class={`row between ${styles.head}`}>
          <h2 id="transcript">Transcript</h2>
          {turns.length > 0 && (
            <div class={`row ${styles.tools}`}>
              <SearchBox {...search} />
              {!live && <ExportMenu told={told} audio={sound} />}
            </div>
          )}
        </div>
        {!live && <Insights call={call} measured={measured} agent={agent} other={other} />}
        <Transcript
          feed={feed}
          live={live}
          agent={agent}
          other={other}
          silence={
            call.status === "in-progress" ? "Nothing has been said yet." : "It begins when the call is answered."
          }
          words={search.words}
          found={search.found}
          heard={
            sound && {
              starts,
              latencies: measured?.latencies ?? [],
              current: spoken,
              playing: playback.playing,
              play: (from) => playback.play(from),
            }
          }
        />
      </section>
    </>
  );
}

function useSearch(turns: Parameters<typeof turnsWith>[0]) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const hits = useMemo(() => turnsWith(turns, words), [turns, words]);
  const index = hits.length === 0 ? 0 : ((at % hits.length) + hits.length) % hits.length;
  return {
    words,
    hits,
    index,
    found: hits[index],
    write: (value: string): void => {
      setWords(value);
      setAt(0);
    },
    move: (step: number): void => setAt(index + step),
  };
}

function SearchBox({ words, hits, index, write, move }: ReturnType<typeof useSearch>) {
  return (
    <span class={styles.search}>
      <input
        type="search"
        aria-label="Search in the transcript"
        placeholder="Search"
        value={words}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") move(event.shiftKey ? -1 : 1);
        }}
      />
      {words.trim() !== "" && (
        <>
          <span class="muted small" role="status">
            {hits.length === 0 ? "Not found" : `${index + 1} of ${hits.length}`}
          </span>
          <button
            type="button"
            class="icon"
            aria-label="Previous match"
            disabled={hits.length < 2}
            onClick={() => move(-1)}
          >
            <ChevronUp aria-hidden="true" size={16} />
          </button>
          <button type="button" class="icon" aria-label="Next match" disabled={hits.length < 2} onClick={() => move(1)}>
            <ChevronDown aria-hidden="true" size={16} />
          </button>
        </>
      )}
    </span>
  );
}
