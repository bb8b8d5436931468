// A text to somebody new, or to several. With `?to=` and `?from=` in the address it begins filled in.

import type { PhoneNumber } from "agentphone-wasm";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { filter, go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useContacts } from "../../data/names.js";
import { useOnce } from "../../data/once.js";
import { useApi } from "../../data/queries.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { Area, Input, Select } from "../../ui/field.js";
import { count, money } from "../../ui/format.js";
import { wordsOf } from "../../ui/intent-words.js";
import { Empty, Loaded } from "../../ui/states.js";
import { phoneText } from "../../ui/values.js";
import { mediaIn, recipientsIn } from "./recipients.js";
import { segmentsOf } from "./segments.js";
import { LONGEST, PRICE, send } from "./send.js";

/** The dialog. */
export function Compose({ onClose }: { onClose: () => void }) {
  const found = useApi(["numbers", "senders"], (client, signal) =>
    client.numbers.list({ limit: 100 }, { signal }).then((page) => page.data),
  );
  return (
    <Dialog title="New message" onClose={onClose}>
      <Loaded from={found} what="your numbers">
        {(numbers) =>
          numbers.length === 0 ? (
            <Empty title="You have no number to send from.">
              <a class="button primary" href="#/numbers?tool=buy">
                Buy a number
              </a>
            </Empty>
          ) : (
            <ComposeForm
              close={onClose}
              numbers={byUse(numbers).map(({ id, phoneNumber, type }) => ({
                value: id,
                label: phoneText(phoneNumber) + (type === "imessage" ? ", iMessage" : ""),
              }))}
            />
          )
        }
      </Loaded>
    </Dialog>
  );
}

/** Those that somebody answers come first. */
const byUse = (numbers: readonly PhoneNumber[]): PhoneNumber[] =>
  [...numbers].sort((one, other) => Number(Boolean(other.agentId)) - Number(Boolean(one.agentId)));

interface ComposeFormProps {
  numbers: readonly { value: string; label: string }[];
  close: () => void;
}

function ComposeForm({ numbers, close }: ComposeFormProps) {
  const [from, setFrom] = useState(filter("from"));
  const [body, setBody] = useState("");
  const once = useOnce();
  const [whom, sendTo] = useState("");
  const sender = numbers.some(({ value }) => value === from) ? from : (numbers[0]?.value ?? "");
  const { characters, segments } = segmentsOf(body);
  const fields = useRef<HTMLDivElement>(null);
  // The dialog was open before there was anything to fill in.
  useLayoutEffect(
    () => fields.current?.querySelector<HTMLElement>(filter("to") === "" ? "input" : "textarea")?.focus(),
    [],
  );
  const submit = async (data: FormData): Promise<void> => {
    const to = await recipientsIn(text(data, "to"));
    const media = mediaIn(text(data, "media"));
    const whom = to.length === 1 ? phoneText(to[0] ?? "") : count(to.length, "person", "people");
    const words = body.trim();
    sendTo(whom);
    const sent = await send(
      once,
      {
        number_id: sender,
        ...(to.length === 1 ? { to_number: to[0] ?? "" } : { recipients: to }),
        ...(words === "" ? {} : { body: words }),
        ...(media.length === 0 ? {} : { media_urls: media }),
      },
      whom,
    );
    if (sent === undefined) return;
    go(sent.conversation_id ? `/conversations/${sent.conversation_id}` : "/conversations");
    tell(`Sent to ${whom}.`);
  };
  if (once.doubt !== undefined)
    return (
      <DoubtPanel
        doubt={once.doubt}
        what={`the text to ${whom} was sent`}
        close={close}
        back={once.forget}
        backTo="Back to the form"
      >
        <a class="button primary" href={`#${wordsOf("messages.send").list}`} onClick={close}>
          Look at the conversations
        </a>
      </DoubtPanel>
    );
  return (
    <div ref={fields}>
      <Form submit={submit} action="Send" beside={<span class="muted small">{money(PRICE)} a text</span>}>
        <Select
          label="From"
          value={sender}
          options={numbers}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <Input
          label="To"
          name="to"
          field="to_number"
          required
          list="known-people"
          defaultValue={filter("to")}
          hint="A number or address. Several, with commas between them, start a group on an iMessage line."
        />
        <People />
        <Area
          label="Message"
          field="body"
          value={body}
          maxLength={LONGEST}
          hint={`${count(characters, "letter")}, ${count(segments, "SMS segment")}`}
          onInput={(event) => setBody(event.currentTarget.value)}
        />
        <Input label="Address of a picture or file" name="media" field="media_urls" placeholder="Optional, https://…" />
      </Form>
    </div>
  );
}

/** Contacts to choose from while one types. */
function People() {
  return (
    <datalist id="known-people">
      {useContacts().map(({ id, name, phoneNumber }) => (
        <option key={id} value={phoneNumber}>
          {name}
        </option>
      ))}
    </datalist>
  );
}
