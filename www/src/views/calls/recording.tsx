// The recording of a call: fetched once, for the player and the figures; or why there is none.

import { AgentPhoneError, type Call } from "agentphone-wasm";
import { useEffect, useState } from "preact/hooks";
import { spend } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { account, api } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { Problem } from "../../ui/problem.js";
import { Waiting } from "../../ui/states.js";
import { decode } from "./peaks.js";
import styles from "./player.module.css";

/** A recording that has been fetched. */
export interface Sound {
  url: string;
  name: string;
  /** Absent when the browser can play it and not decode it. */
  samples?: Float32Array;
}

interface Fetched {
  sound: Sound | undefined;
  error: unknown;
  again: () => void;
}

/** Fetches it, if there is one. */
export function useSound({ id, recordingAvailable = false }: Pick<Call, "id" | "recordingAvailable">): Fetched {
  const [sound, setSound] = useState<Sound | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!recordingAvailable) return;
    const leaving = new AbortController();
    let url: string | undefined;
    const load = async (): Promise<void> => {
      setError(undefined);
      const recording = await api().calls.recording.get(id, { signal: leaving.signal });
      const audio = await recording.blob();
      if (leaving.signal.aborted) return;
      url = URL.createObjectURL(audio);
      const found = { url, name: recording.fileName ?? `recording-${id}.wav` };
      setSound(found);
      const samples = await decode(audio).catch(() => undefined);
      if (samples !== undefined && !leaving.signal.aborted) setSound({ ...found, samples });
    };
    load().catch((failure: unknown) => {
      if (!leaving.signal.aborted) setError(failure);
    });
    return () => {
      leaving.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
      setSound(undefined);
    };
  }, [id, recordingAvailable, account.value, tries]);
  return { sound, error, again: () => setTries(tries + 1) };
}

interface RecordingProps {
  call: Call;
  fetched: Fetched;
  /** Shows what has been fetched. */
  children: (sound: Sound) => preact.ComponentChildren;
}

/** The recording of a call that is over. Nothing if the call has neither a recording nor a duration. */
export function Recording({ call, fetched, children }: RecordingProps) {
  const { recordingAvailable = false, durationSeconds } = call;
  if (!recordingAvailable && !durationSeconds) return null;
  return (
    <section class="card" aria-labelledby="recording">
      <h2 id="recording">Recording</h2>
      {recordingAvailable ? <Fetching {...fetched}>{children}</Fetching> : <NoRecording />}
    </section>
  );
}

function Fetching({ sound, error, again, children }: Fetched & Pick<RecordingProps, "children">) {
  if (AgentPhoneError.is(error) && error.status === 404) return <NotThere onRetry={again} />;
  if (error !== undefined) return <Problem error={error} onRetry={again} />;
  // As high as the player, so that nothing moves when it appears.
  if (sound === undefined)
    return (
      <div class={styles.coming}>
        <Waiting what="the recording" />
      </div>
    );
  return <>{children(sound)}</>;
}

const NotThere = ({ onRetry }: { onRetry: () => void }) => (
  <>
    <p>The recording is not there. It may still be on its way, or it is kept no longer.</p>
    <div class="row">
      <button type="button" onClick={onRetry}>
        Look again
      </button>
    </div>
  </>
);

function NoRecording() {
  const once = useOnce();
  const turnOn = async (): Promise<void> => {
    if (!(await spend("Turn on the recording of all calls", "$5 now and each month"))) return;
    const enabled = await once.run({
      operation: "credits.recording.enable",
      note: "",
      content: "",
      send: (options) => api().credits.recording.enable(options),
    });
    if (enabled !== undefined) tell("Calls are recorded from now on.");
    await changed();
  };
  return (
    <>
      <p class="muted">
        This call was not recorded. Recording is an add-on of the account, $5 a month, and holds for calls that come
        after it.
      </p>
      {once.doubt === undefined ? (
        <div class="row">
          <Action run={turnOn}>Turn on recording</Action>
        </div>
      ) : (
        <DoubtPanel doubt={once.doubt} what="the recording of calls was turned on" back={once.forget} />
      )}
    </>
  );
}
