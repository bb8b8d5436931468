// A Next.js project, built and served: the exercise in a server route of the Node runtime, in one of the edge
// runtime, and in a page. Both bundlers of Next, because each reads the exports of a package in its own way.

import { after, describe, test } from "node:test";
import { freePort } from "../../../scripts/free-port.mjs";
import { browsers, told } from "./browsers.mjs";
import { environmentOf, exercised, nodeOf, project, run, serves, startSandbox, tool } from "./project.mjs";

const sandbox = await startSandbox();
const next = tool("next", "dist", "bin", "next");

for (const bundler of ["turbopack", "webpack"]) {
  describe(`Next.js with ${bundler}`, async () => {
    const cwd = project(`next-${bundler}`, {}, "next");
    const env = environmentOf(sandbox);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    /** @type {() => void} */
    let stop;
    after(() => stop?.());
    const ask = async (/** @type {string} */ path) => (await fetch(url + path)).text();

    test("it is built and served", async () => {
      await run(nodeOf(22), [next, "build", `--${bundler}`], { cwd, env, timeout: 240_000 });
      stop = await serves(
        `${url}/nothing`,
        nodeOf(22),
        [next, "start", "--hostname", "127.0.0.1", "--port", `${port}`],
        { cwd, env },
      );
    });
    test("a route of the Node runtime", () => exercised(sandbox, () => ask("/node")));
    test("a route of the edge runtime", () => exercised(sandbox, () => ask("/edge")));
    test("a page", () => exercised(sandbox, () => told(browsers[0], `${url}/page?api=${sandbox.url}`)));
  });
}
