// Says, above every view, that one acts in a sub-account, and leads back: what is done there is done for
// somebody else.

import { Building2 } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { actIn, MOST_SUB_ACCOUNTS, nameOf, useSubAccounts } from "../data/sub-accounts.js";
import { account } from "../session/session.js";
import styles from "./account-sign.module.css";
import { tell } from "./notices.js";

/** The sign; nothing in the account itself. */
export function AccountSign() {
  const { data = [], isSuccess, isFetching } = useSubAccounts();
  const id = account.value;
  // Deleted elsewhere, or kept by the tab from another sandbox: nothing that is done in it could work.
  const gone =
    id !== null && isSuccess && !isFetching && data.length < MOST_SUB_ACCOUNTS && !data.some((sub) => sub.id === id);
  useEffect(() => {
    if (!gone) return;
    void actIn(null).then((done) => {
      if (done) tell("The sub-account no longer exists. You are in the main account.");
    });
  }, [gone]);
  if (id === null) return null;
  const sub = data.find((one) => one.id === id);
  return (
    <div class={styles.sign} role="status">
      <Building2 aria-hidden="true" size={16} />
      <span>
        You act in the sub-account <strong>{sub === undefined ? id : nameOf(sub)}</strong>.
      </span>
      <button type="button" class="link" onClick={() => void actIn(null)}>
        Back to the main account
      </button>
    </div>
  );
}
