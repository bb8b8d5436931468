// What a voice sounds like: its recording where the API has one. A sandbox has none, and lets a voice of the browser read
// a sentence, which it says.

import type { Voice } from "agentphone-wasm";
import { Volume2 } from "lucide-preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { askServer, isLive } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { canSpeak, languageOf, speak, stopSpeaking } from "./speech.js";

/** The preview of the chosen voice; nothing where there is no way to hear it. */
export function VoicePreview({ voice }: { voice: Voice }) {
  const { voice_name: name, preview_audio_url: url } = voice;
  if (typeof url !== "string" || url === "")
    return isLive() ? null : <Spoken name={name} accent={voice.accent ?? ""} />;
  // The proxy of a real account fetches it: the page itself may load nothing from another host.
  if (isLive()) return <Recorded id={voice.voice_id} name={name} />;
  return (
    <a class="small" href={url} target="_blank" rel="noopener noreferrer">
      Listen to {name}
    </a>
  );
}

function Recorded({ id, name }: { id: string; name: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [source, setSource] = useState<string | undefined>(undefined);
  useLayoutEffect(() => {
    if (source === undefined) return;
    return () => URL.revokeObjectURL(source);
  }, [source]);
  const play = async (): Promise<void> => {
    if (source === undefined) {
      const response = await askServer(`voices?id=${encodeURIComponent(id)}`);
      if (!response.ok) throw new Error(`The recording of ${name} could not be read.`);
      setSource(URL.createObjectURL(await response.blob()));
      return;
    }
    if (audio.current === null) return;
    audio.current.currentTime = 0;
    await audio.current.play();
  };
  return (
    <div class="row">
      <Action run={play}>
        <Volume2 aria-hidden="true" size={16} />
        Listen to {name}
      </Action>
      {source !== undefined && (
        // biome-ignore lint/a11y/useMediaCaption: a sample of a voice, whose words do not matter
        <audio ref={audio} src={source} autoplay />
      )}
    </div>
  );
}

function Spoken({ name, accent }: { name: string; accent: string }) {
  const able = useSpeech();
  useLayoutEffect(() => stopSpeaking, [name]);
  if (!able) return null;
  const say = (): void => {
    stopSpeaking();
    speak(`Hello, this is ${name}. How can I help you today?`, languageOf(accent));
  };
  return (
    <div class="row">
      <button type="button" onClick={say}>
        <Volume2 aria-hidden="true" size={16} />
        Hear a sentence
      </button>
      <span class="muted small">Spoken by a voice of this browser, not by {name}: a sandbox has no recordings.</span>
    </div>
  );
}

/** Whether the browser can speak. It may find its voices only after the page has been drawn. */
function useSpeech(): boolean {
  const [able, set] = useState(canSpeak);
  useLayoutEffect(() => {
    if (typeof speechSynthesis === "undefined") return;
    const look = (): void => set(canSpeak());
    look();
    speechSynthesis.addEventListener("voiceschanged", look);
    return () => speechSynthesis.removeEventListener("voiceschanged", look);
  }, []);
  return able;
}
