// Choosing a voice: a plain choice of few, a search above an open list of many. The agent's own voice stays in
// sight, also one that no list holds.

import type { Voice } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { useApi } from "../../data/queries.js";
import { ChoiceBox, TextBox } from "../../ui/checked-field.js";
import styles from "./settings.module.css";
import { VoicePreview } from "./voice-preview.js";

/** As many as one looks through without a search. */
const FEW = 12;
const IN_SIGHT = 7;

/** All voices there are; they hardly ever change. */
export const useVoices = () =>
  useApi(["voices"], (client, signal) => client.voices.list({ signal }).then(({ data }) => data));

/** `Skylar · female, American · platform`. */
export function voiceText({ voice_name: name, gender, accent, provider }: Voice): string {
  const manner = [gender, accent].filter((part) => part !== null && part !== undefined && part !== "").join(", ");
  return [name, manner, provider.replaceAll("_", " ")].filter((part) => part !== "").join(" · ");
}

interface VoicePickerProps {
  label: string;
  value: string;
  onValue: (voiceId: string) => void;
  error?: string | undefined;
}

/** The choice. */
export function VoicePicker({ label, value, onValue, error }: VoicePickerProps) {
  const { data: voices = [] } = useVoices();
  const [sought, seek] = useState("");
  const many = voices.length > FEW;
  const parts = sought.toLowerCase().split(/\s+/);
  const found = voices.filter((voice) => parts.every((part) => voiceText(voice).toLowerCase().includes(part)));
  const chosen = voices.find(({ voice_id: id }) => id === value);
  const shown = found.map((voice) => ({ value: voice.voice_id, label: voiceText(voice) }));
  if (value !== "" && !found.some(({ voice_id: id }) => id === value))
    shown.unshift({ value, label: chosen === undefined ? value : voiceText(chosen) });
  if (value === "") shown.unshift({ value: "", label: "The usual voice" });
  return (
    <div class={styles.voicePicker}>
      {many && (
        <TextBox
          label="Search the voices"
          type="search"
          value={sought}
          onValue={seek}
          placeholder="Name, gender, accent, maker"
        />
      )}
      <ChoiceBox
        label={label}
        value={value}
        onValue={onValue}
        error={error}
        options={shown}
        size={many ? IN_SIGHT : undefined}
        hint={many ? `${found.length} of ${voices.length} voices` : undefined}
      />
      {chosen !== undefined && <VoicePreview key={chosen.voice_id} voice={chosen} />}
    </div>
  );
}
