// What to do where there is no campaign yet, or no store of campaigns at all.

import { mode } from "../../session/session.js";
import { CodeBlock } from "../../ui/code-block.js";
import { Empty } from "../../ui/states.js";
import styles from "./campaigns.module.css";
import { commandsOf } from "./words.js";

/** The first commands. */
export function Begin({ flags }: { flags: string }) {
  const { plan, start } = commandsOf(flags);
  return (
    <Empty title="No campaigns yet.">
      <div class={styles.begin}>
        <p>
          Save the people as <code>people.csv</code>, with a column <code>phone</code> and one per variable:
        </p>
        <CodeBlock code={"phone,name\n(415) 555-0100,Ada\n(415) 555-0111,Bob"} label="people.csv" />
        <p>Plan it. This shows the price and the duration, and sends nothing:</p>
        <CodeBlock code={plan} label="Plan a campaign" />
        <p>Then start it. The command asks first, and shows the price again:</p>
        <CodeBlock code={start("spring")} label="Start a campaign" />
      </div>
    </Empty>
  );
}

/** Campaigns belong to the command line. */
export const NoStore = () => (
  <Empty
    title={
      mode() === "page" ? "A sandbox inside a page has no campaigns." : "This console was started without campaigns."
    }
  >
    <div class={styles.begin}>
      <p>
        Campaigns are kept in a store on your machine or in your database, and workers of the command line place the
        calls. Start the console with it. To try it with a local AgentPhone, without a key and without costs:
      </p>
      <CodeBlock code="npx agentphone-wasm-cli sandbox --demo --open" label="Start a sandbox with campaigns" />
      <p>For your account, with the campaigns of this machine or of a shared store:</p>
      <CodeBlock
        code={"npx agentphone-wasm-cli console --open\nnpx agentphone-wasm-cli console --open --store postgres://…"}
        label="Start the console with campaigns"
      />
    </div>
  </Empty>
);
