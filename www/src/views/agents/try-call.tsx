// Trying an agent by a call: one speaks for the caller in writing, and reads, and where the browser can also hears, what
// the agent says. Only in a sandbox.

import type { Agent } from "agentphone-wasm";
import type { Script } from "agentphone-wasm/sandbox";
import { Phone, PhoneOff } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { changed, useApi } from "../../data/queries.js";
import { inbound } from "../../session/sandbox.js";
import { account, api, control } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { TickBox } from "../../ui/checked-field.js";
import { Input } from "../../ui/field.js";
import { Transcript } from "../calls/transcript.js";
import { TranscriptFeed } from "../calls/transcript-feed.js";
import { canSpeak, speak, stopSpeaking } from "./speech.js";
import styles from "./try.module.css";

/** The caller waits for what is typed instead of following a script. */
const SILENT: Script = { lines: [], hangup: "nobody" };

/** The pane. `from`: who calls. */
export function TryCall({ agent, from }: { agent: Agent; from: string }) {
  const [call, setCall] = useState<string | undefined>(undefined);
  const begin = async (): Promise<void> => {
    const { id } = (await inbound.call({ agentId: agent.id, from, script: SILENT })) as { id: string };
    setCall(id);
    await changed("calls");
  };
  return (
    <>
      {call === undefined && (
        <p class={styles.start}>
          {agent.voiceMode === "hosted"
            ? "Call the agent. A sandbox has no model: it says its first words, then stock phrases or those of a script."
            : "Call the agent. Your webhook is asked at each turn, as in a real call."}
        </p>
      )}
      {call !== undefined && <Live key={call} id={call} agent={agent} />}
      <div class="row">
        {call === undefined ? (
          <Action class="primary" run={begin}>
            <Phone aria-hidden="true" size={16} />
            Start a call
          </Action>
        ) : (
          <Again id={call} begin={begin} />
        )}
      </div>
    </>
  );
}

const useCall = (id: string) =>
  useApi(["calls", id], (client, signal) => client.calls.get(id, { signal }), {
    every: (call) => (call !== undefined && isOver(call.status) ? false : 1000),
  });

const isOver = (status: string): boolean => !["queued", "ringing", "in-progress"].includes(status);

function Again({ id, begin }: { id: string; begin: () => Promise<void> }) {
  const { data } = useCall(id);
  const over = data !== undefined && isOver(data.status);
  return (
    <>
      {over ? (
        <Action run={begin}>
          <Phone aria-hidden="true" size={16} />
          Call again
        </Action>
      ) : (
        <Action
          class="danger"
          run={async () => {
            await control("POST", `calls/${encodeURIComponent(id)}/hangup`);
            await changed("calls");
          }}
        >
          <PhoneOff aria-hidden="true" size={16} />
          Hang up
        </Action>
      )}
      <a class="small" href={`#/calls/${id}`}>
        Open the call
      </a>
    </>
  );
}

function Live({ id, agent }: { id: string; agent: Agent }) {
  const { data } = useCall(id);
  const talking = data?.status === "in-progress";
  const over = data !== undefined && isOver(data.status);
  const [aloud, setAloud] = useState(false);
  const feed = useMemo(() => new TranscriptFeed(api(), id, () => void changed("calls")), [account.value, id]);
  useEffect(() => {
    void feed.follow();
    return () => {
      feed.close();
      stopSpeaking();
    };
  }, [feed]);
  const turns = feed.turns.value;
  const last = turns.at(-1);
  useEffect(() => {
    if (aloud && last?.role === "agent") speak(last.content, agent.language ?? "en-US");
  }, [turns.length, aloud]);
  const say = async (form: FormData, element: HTMLFormElement): Promise<void> => {
    const words = text(form, "words");
    if (words === "") return;
    await control("POST", `calls/${encodeURIComponent(id)}/say`, { text: words });
    element.reset();
    element.querySelector("input")?.focus();
  };
  return (
    <>
      <div class={styles.talk}>
        <Transcript
          feed={feed}
          live={!over}
          agent={agent.name}
          other="You"
          silence={talking ? "Say something." : "Ringing…"}
        />
      </div>
      {!over && (
        <Form class={styles.compose} submit={say} action="Say" label="Words to the agent">
          <Input
            label="You say"
            name="words"
            maxLength={500}
            placeholder="Do you have rye bread today?"
            disabled={!talking}
          />
        </Form>
      )}
      {canSpeak() && (
        <TickBox
          label="Read the agent's words aloud"
          hint="With a voice of this browser, not that of the agent."
          checked={aloud}
          onValue={(on) => {
            setAloud(on);
            if (!on) stopSpeaking();
          }}
        />
      )}
    </>
  );
}
