// In the place of the console, in a tab that has no access to the account: what to do.

import { useEffect } from "preact/hooks";

/** `refused`: the address had a secret, but not the one of this run. */
export function Locked({ refused }: { refused: boolean }) {
  useEffect(() => {
    document.title = "Locked · AgentPhone console";
  }, []);
  return (
    <main id="main" class="locked">
      <h1>Open the printed address again</h1>
      {refused && (
        <p class="problem" role="alert">
          The address that you opened is incomplete, or from an earlier run.
        </p>
      )}
      <p>
        This tab has no access to your account. Only a tab's memory holds that access, so that no other page can use it;
        a reload or a new tab starts without it.
      </p>
      <p>
        Copy the address that the console's command printed in your terminal, including everything after{" "}
        <code>#key=</code>, and paste it into the address bar. You will return to this view.
      </p>
      <p>The address is valid until you stop the command. Each start prints a new one.</p>
    </main>
  );
}
