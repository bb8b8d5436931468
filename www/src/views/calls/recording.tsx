// The recording of a call: played, seen as a waveform, taken along.

import { AgentPhoneError, type Call } from "agentphone-wasm";
import { Download } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
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
import { Waveform } from "./waveform.js";

interface Sound {
  url: string;
  name: string;
  /** Absent when the browser can play it and not decode it. */
  samples?: Float32Array;
}

/** What was recorded of a call that is over. Nothing for one in which nobody spoke. */
export function Recording({ call }: { call: Call }) {
  const { id, recordingAvailable = false, durationSeconds } = call;
  if (!recordingAvailable && !durationSeconds) return null;
  return (
    <section class="card" aria-labelledby="recording">
      <h2 id="recording">Recording</h2>
      {recordingAvailable ? <Player key={id} id={id} /> : <NoRecording />}
    </section>
  );
}

function Player({ id }: { id: string }) {
  const [sound, setSound] = useState<Sound | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const [tries, again] = useState(0);
  const player = useRef<HTMLAudioElement>(null);
  useEffect(() => {
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
  }, [id, account.value, tries]);
  if (AgentPhoneError.is(error) && error.status === 404) return <NotThere onRetry={() => again(tries + 1)} />;
  if (error !== undefined) return <Problem error={error} onRetry={() => again(tries + 1)} />;
  if (sound === undefined) return <Waiting what="the recording" />;
  return (
    <div class="player">
      {sound.samples === undefined ? <div class="waveform" /> : <Waveform samples={sound.samples} player={player} />}
      <div class="row">
        {/* biome-ignore lint/a11y/useMediaCaption: the transcript stands beside it */}
        <audio ref={player} controls preload="metadata" src={sound.url} aria-label="Recording of the call" />
        <a class="button" href={sound.url} download={sound.name}>
          <Download aria-hidden="true" size={16} />
          Download
        </a>
      </div>
    </div>
  );
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
