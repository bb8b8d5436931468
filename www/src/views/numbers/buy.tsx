// Buying a number: what is on sale, what it costs, whom it is for. The API sells by country and area code
// and picks the number itself, so that what is on sale is shown for its area codes.

import type { AvailableNumber } from "agentphone-wasm";
import { useRef, useState } from "preact/hooks";
import { spend } from "../../app/confirm.js";
import { filter, go, setFilter } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useAgents } from "../../data/names.js";
import { useOnce } from "../../data/once.js";
import { changed, useApi } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { Input, Select } from "../../ui/field.js";
import { money } from "../../ui/format.js";
import { Search } from "../../ui/search.js";
import { Loaded } from "../../ui/states.js";
import { Phone, phoneText } from "../../ui/values.js";
import styles from "./buy.module.css";

/** In cents, at once and each month. No operation of the API tells it beforehand. */
const PRICE = 300;
const COUNTRIES = [
  { value: "US", label: "United States" },
  { value: "CA", label: "Canada" },
];
const KINDS = [
  { value: "sms", label: "Calls and SMS" },
  { value: "imessage", label: "Calls and iMessage" },
];

const country = (): string => filter("country") || "US";

/** The dialog. */
export function BuyNumber({ onClose }: { onClose: () => void }) {
  const agents = useAgents();
  const [kind, setKind] = useState("sms");
  const [agent, setAgent] = useState("");
  const once = useOnce();
  const submit = async (data: FormData): Promise<void> => {
    // Read now: the last key may be newer than what was drawn.
    const area = filter("area");
    const where = area === "" ? `in ${country()}` : `in area code ${area}`;
    if (!(await spend(`Buy a number ${where}`, `${money(PRICE)} now and ${money(PRICE)} each month`))) return;
    const tag = text(data, "tag");
    const content = {
      country: country(),
      type: kind,
      ...(area === "" ? {} : { areaCode: area }),
      ...(agent === "" ? {} : { agentId: agent }),
      ...(tag === "" ? {} : { externalId: tag }),
    };
    try {
      const bought = await once.run({
        operation: "numbers.buy",
        note: where,
        content,
        send: (options) => api().numbers.buy(content, options),
      });
      if (bought === undefined) return;
      const { id, phoneNumber } = bought.data;
      go(`/numbers/${id}`);
      tell(`${phoneText(phoneNumber)} is yours.`);
    } finally {
      await changed();
    }
  };
  if (once.doubt !== undefined)
    return (
      <Dialog title="Buy a number" onClose={onClose}>
        <DoubtPanel doubt={once.doubt} what="a number was bought" back={once.forget} backTo="Back to the form" />
      </Dialog>
    );
  return (
    <Dialog title="Buy a number" wide onClose={onClose}>
      <Form
        submit={submit}
        action={`Buy for ${money(PRICE)}`}
        beside={<span class="muted small">and {money(PRICE)} each month, until you release it.</span>}
      >
        <div class="fields">
          <Select
            label="Country"
            value={country()}
            options={COUNTRIES}
            onChange={(event) => setFilter({ country: event.currentTarget.value, area: "" })}
          />
          <Search label="Area code" name="area" field="areaCode" inputMode="numeric" maxLength={3} placeholder="Any" />
          <Select label="Kind" value={kind} options={KINDS} onChange={(event) => setKind(event.currentTarget.value)} />
          <Select
            label="Agent"
            value={agent}
            options={[
              { value: "", label: "None for now" },
              ...agents.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => setAgent(event.currentTarget.value)}
          />
          <Input label="Tag" name="tag" field="externalId" placeholder="Optional" />
        </div>
        <details class={styles.more}>
          <summary>Find an area code by place</summary>
          <div class="fields">
            <Search label="City" name="city" />
            <Search label="State or province" name="state" placeholder="e.g. CA" />
            <Search label="Postal code" name="zip" />
          </div>
        </details>
      </Form>
      <OnSale />
    </Dialog>
  );
}

function OnSale() {
  const query = {
    country: country(),
    areaCode: filter("area"),
    city: filter("city"),
    state: filter("state"),
    zip: filter("zip"),
  };
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
  const last = useRef<readonly AvailableNumber[] | undefined>(undefined);
  const found = useApi(["numbers", "available", query], (client, signal) =>
    client.numbers.available({ ...given, limit: 12 }, { signal }).then((page) => page.data),
  );
  last.current = found.data ?? last.current;
  return (
    <section aria-labelledby="on-sale" class={styles.onSale}>
      <h3 id="on-sale">On sale now</h3>
      <p class="hint">You get the first free number that fits when you buy; press one to prefer its area code.</p>
      <Loaded from={{ data: last.current, error: found.error, refetch: found.refetch }} what="numbers on sale">
        {(numbers) => (
          <>
            <p class="hidden" role="status">
              {numbers.length === 0 ? "No number fits" : `${numbers.length} numbers on sale`}
            </p>
            {numbers.length === 0 ? (
              <p>No number fits. Try another area code, or none.</p>
            ) : (
              <ul class={styles.offers}>
                {numbers.map((number) => (
                  <Offer key={number.phoneNumber} number={number} />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Offer({ number }: { number: AvailableNumber }) {
  const place = [number.city ?? number.rateCenter, number.state].filter(Boolean).join(", ");
  const area = number.areaCode ?? "";
  return (
    <li>
      <button
        type="button"
        disabled={area === ""}
        aria-pressed={filter("area") === area}
        aria-label={`${phoneText(number.phoneNumber)}${place === "" ? "" : `, ${place}`}: prefer area code ${area}`}
        onClick={() => setFilter({ area })}
      >
        <Phone value={number.phoneNumber} />
        {place !== "" && <span class="muted small">{place}</span>}
      </button>
    </li>
  );
}
