// Exports a transcript in the chosen format.

import { ChevronDown, FileDown } from "lucide-preact";
import { Menu } from "../../ui/menu.js";
import { saveAs } from "../../ui/save.js";
import { asJson, asText, asVtt } from "./transcript-export.js";

type Told = Parameters<typeof asText>[0];

const FORMS = [
  { name: "Text", end: "txt", type: "text/plain", write: asText },
  { name: "JSON", end: "json", type: "application/json", write: asJson },
  { name: "WebVTT", end: "vtt", type: "text/vtt", write: asVtt },
] as const;

/** The menu. `audio`: the recording, if it has been fetched. */
export function ExportMenu({ told, audio }: { told: Told; audio?: { url: string; name: string } | undefined }) {
  return (
    <Menu
      label={
        <>
          <FileDown aria-hidden="true" size={16} />
          Export
          <ChevronDown aria-hidden="true" size={16} />
        </>
      }
    >
      {(close) => (
        <>
          {FORMS.map(({ name, end, type, write }) => (
            <button
              key={name}
              type="button"
              onClick={() => {
                close();
                saveAs(`call-${told.call.id}.${end}`, write(told), type);
              }}
            >
              {name}
            </button>
          ))}
          {audio !== undefined && (
            <a class="button" href={audio.url} download={audio.name} onClick={close}>
              Audio
            </a>
          )}
        </>
      )}
    </Menu>
  );
}
