// Starts the console: finds out what there is to talk to, then draws.

// First, so that the secret is out of the address before anything else runs.
import { hasSecret, secretArrives } from "./session/secret.js";
import "./style.css";
import { QueryClientProvider } from "@tanstack/preact-query";
import { render } from "preact";
import { App } from "./app/app.js";
import { keepFocus } from "./app/keep-focus.js";
import { Locked } from "./app/locked.js";
import { showTheme } from "./app/theme.js";
import { queries } from "./data/queries.js";
import { openSession } from "./session/session.js";
import { Problem } from "./ui/problem.js";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
showTheme();
keepFocus(root);

try {
  while (!(await openSession())) {
    render(<Locked refused={hasSecret()} />, root);
    await secretArrives();
  }
  render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
    root,
  );
} catch (error) {
  render(<Problem error={error} />, root);
}
