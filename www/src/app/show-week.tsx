// Two weeks of activity, for those who want to see what the console looks like in use.

import { changed } from "../data/queries.js";
import { beginWithDemo } from "../session/page-sandbox.js";
import { beginDemo } from "../session/sandbox.js";
import { account, forgetDoubts, mode } from "../session/session.js";
import { confirm } from "./confirm.js";
import { go } from "./location.js";
import { tell } from "./notices.js";

/** Asks, then replaces all data with it. */
export async function showWeek(): Promise<void> {
  const yes = await confirm({
    title: "Show two weeks of activity?",
    body: <p>This replaces the sandbox with one that has two weeks of activity and receives calls while you watch.</p>,
    action: "Show it",
  });
  if (!yes) return;
  if (mode() === "page") return beginWithDemo();
  await beginDemo();
  await forgetDoubts();
  account.value = null;
  go("/");
  await changed();
  tell("Two weeks of activity are here, and more comes in.");
}
