// What a form does is done once, however often it is sent, and whatever becomes of the response. The same content has the
// same idempotency key for as long as the form is open; and as long as it is not known what became of one, no other of
// its kind is sent, not even from another form, another tab, or after a reload.

import { AgentPhoneError, type ApiPromise, type RequestOptions } from "agentphone-wasm";
import { useRef, useState } from "preact/hooks";
import { account } from "../session/session.js";
import { lookSoon, readDoubts } from "./doubts.js";
import { makeKey, partsOf, printOf } from "./intent-key.js";
import { changed } from "./queries.js";

/** Something whose response was lost, or that had happened already. */
export interface Doubt {
  key: string;
  operation: string;
  /** It is the main account's. */
  main: boolean;
  /** Nothing was sent now: it is that of an earlier form. */
  earlier: boolean;
}

/** What is to happen once. */
interface Once<T> {
  /** The operation, e.g. `calls.create`. */
  operation: string;
  /** What makes two of them the same thing to a person, e.g. the number that is called. Default: the content. */
  same?: unknown;
  /** For the list of what is in doubt: no number in full, no text. */
  note: string;
  /** All that is sent. */
  content: unknown;
  /** It is done in the main account. */
  main?: boolean;
  send: (options: RequestOptions) => ApiPromise<T>;
}

/** Whether it may have happened although an error came. */
export const unsure = (error: unknown): boolean => AgentPhoneError.is(error) && error.outcomeUnknown;

/** One look at once; the page goes on looking by itself, and says so. */
const SETTLE = { within: 0 };
/** Milliseconds for all of it. A page that is closed meanwhile leaves it under way for as long. */
const PATIENCE = 120_000;

/** By what a key is found again. */
const nameOf = ({ operation, content }: Pick<Once<unknown>, "operation" | "content">): string =>
  JSON.stringify([operation, content]);

/**
 * Does it under the key that `keys` has for its content, which is made on first use. A failure that proves that nothing
 * happened is thrown.
 */
export async function doOnce<T>(
  keys: Map<string, string>,
  { operation, same, note, content, main = false, send }: Once<T>,
): Promise<{ data: T } | { doubt: Doubt }> {
  const name = nameOf({ operation, content });
  const print = printOf([operation, same ?? content]);
  const kept = keys.get(name);
  if (kept === undefined) {
    const elsewhere = main && account.peek() !== null;
    const earlier = (await readDoubts()).find((one) => one.main === elsewhere && partsOf(one.key)?.print === print);
    if (earlier !== undefined) {
      lookSoon();
      return { doubt: { key: earlier.key, operation, main, earlier: true } };
    }
  }
  const key = kept ?? makeKey(print, note);
  keys.set(name, key);
  const doubt = { key, operation, main, earlier: false };
  try {
    const { data, settled } = await send({
      idempotencyKey: key,
      settle: SETTLE,
      totalTimeout: PATIENCE,
    }).withResponse();
    return settled === undefined ? { data } : { doubt };
  } catch (error) {
    if (!unsure(error)) throw error;
    return { doubt };
  } finally {
    void changed("effects");
  }
}

/** For one form, or one button. */
export function useOnce() {
  const [doubt, setDoubt] = useState<Doubt | undefined>(undefined);
  const keys = useRef(new Map<string, string>());

  /** Does it; undefined where `doubt` tells what became of it. A failure that proves that nothing happened is thrown. */
  const run = async <T>(wish: Once<T>): Promise<{ data: T } | undefined> => {
    const came = await doOnce(keys.current, wish);
    if ("doubt" in came) {
      setDoubt(came.doubt);
      return undefined;
    }
    // The same once more is another wish.
    keys.current.delete(nameOf(wish));
    return came;
  };
  /** The same content is another wish from now on. */
  const renew = (): void => keys.current.clear();
  /** Back to the form: what was in doubt is out of sight. `known`: what became of it. */
  const forget = (known: boolean): void => {
    if (known) renew();
    setDoubt(undefined);
  };
  return { doubt, run, renew, forget };
}
