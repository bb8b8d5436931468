// What reaches a number, as far as the API tells: iMessage and SMS by one question, RCS and the kind of line by
// another. Either may fail without the other.

import { Check, X } from "lucide-preact";
import { useApi } from "../../data/queries.js";
import { words } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import { When } from "../../ui/values.js";
import styles from "./reach.module.css";

/** Looked up once a visit: it seldom changes. */
export function Reach({ phone }: { phone: string }) {
  const can = useApi(["capabilities", phone], (client, signal) =>
    client.contacts.capabilities({ phone_number: phone }, { signal }),
  );
  const line = useApi(["lookup", phone], (client, signal) =>
    client.numbers.lookup({ phoneNumbers: [phone] }, { signal }).then((page) => page.data[0] ?? null),
  );
  return (
    <section class="card" aria-labelledby="reach">
      <h2 id="reach">Channels</h2>
      <Loaded from={can} what="what reaches this number">
        {({ capabilities, checkedAt }) => (
          <>
            <ul class={styles.channels}>
              <Way name="iMessage" works={capabilities.imessage} />
              <Way name="SMS" works={capabilities.sms} />
              {typeof line.data?.rcsEnabled === "boolean" && <Way name="RCS" works={line.data.rcsEnabled} />}
            </ul>
            <p class="muted small">
              {line.data?.lineType && `${words(line.data.lineType)} line. `}
              Checked <When at={checkedAt} />
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Way({ name, works }: { name: string; works: boolean }) {
  const Icon = works ? Check : X;
  return (
    <li class={works ? styles.yes : styles.no}>
      <Icon aria-hidden="true" size={16} />
      {name}
      <span class="hidden">{works ? ": yes" : ": no"}</span>
    </li>
  );
}
