// In a sandbox nobody is at the other end: here one plays them, so that an agent can be tried by hand.

import { changed } from "../../data/queries.js";
import { control } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { Input } from "../../ui/field.js";
import styles from "./call.module.css";

/** Speaks and hangs up for the person at the other end of a live call. */
export function OtherSide({ id, talking }: { id: string; talking: boolean }) {
  const ask = async (what: string, body?: unknown): Promise<void> => {
    await control("POST", `calls/${encodeURIComponent(id)}/${what}`, body);
    await changed("calls");
  };
  const say = async (data: FormData, form: HTMLFormElement): Promise<void> => {
    const words = text(data, "words");
    if (words === "") return;
    await ask("say", { text: words });
    form.reset();
    form.querySelector("input")?.focus();
  };
  const hangUp = <Action run={() => ask("hangup")}>They hang up</Action>;
  return (
    <section class={`card ${styles.otherSide}`} aria-labelledby="other-side">
      <h2 id="other-side">Play the other side</h2>
      {talking ? (
        <Form submit={say} action="Say it" beside={hangUp}>
          <Input
            label="They say"
            name="words"
            maxLength={500}
            placeholder="Do you have rye bread today?"
            hint="This is a sandbox without people: speak for the other side."
          />
        </Form>
      ) : (
        <>
          <p class="hint">
            This is a sandbox without people. Once the call is answered, you can speak for the other side here.
          </p>
          <div class="row">{hangUp}</div>
        </>
      )}
    </section>
  );
}
