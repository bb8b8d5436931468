// Starts the console: finds out what there is to talk to, then draws.

import "./style.css";
import { QueryClientProvider } from "@tanstack/preact-query";
import { render } from "preact";
import { App } from "./app/app.js";
import { showTheme } from "./app/theme.js";
import { queries } from "./data/queries.js";
import { openSession } from "./session/session.js";
import { Problem } from "./ui/problem.js";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
showTheme();

try {
  await openSession();
  render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
    root,
  );
} catch (error) {
  render(<Problem error={error} />, root);
}
