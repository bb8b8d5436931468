// In the place of the console, in a tab that has no access to the account: what to do.

import { useEffect } from "preact/hooks";

/** `refused`: the address had a secret, but not that of this run. */
export function Locked({ refused }: { refused: boolean }) {
  useEffect(() => {
    document.title = "Locked · AgentPhone console";
  }, []);
  return (
    <main id="main" class="locked">
      <h1>Open the printed address again</h1>
      {refused ? (
        <p role="alert">The address that was opened is not that of the run which is going on. It may be incomplete, or of an earlier run.</p>
      ) : (
        <p>
          This tab cannot use your account. Access is kept in the memory of the tab in which the address was opened, so that
          nothing else can use it: a reload or a new tab begins without it.
        </p>
      )}
      <p>
        Copy the address that <code>npm start -- --live</code> printed in your terminal, with all that follows <code>#key=</code>, and
        open it here. You will be back in this view.
      </p>
      <p>The address is valid until you stop the command. Each start prints a new one.</p>
    </main>
  );
}
