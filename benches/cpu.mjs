// CPU time that a client adds to a request: the same stub transport under `fetch` by hand, this package
// and the official SDK, each in a process of its own, taking turns. The overhead is the difference to
// `fetch` by hand in the same round, so that the machine's speed cancels out.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cases } from "./cpu-cases.mjs";
import { clientNames, titles } from "./clients.mjs";
import { number, ranged, times } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

const worker = fileURLToPath(new URL("cpu-worker.mjs", import.meta.url));

const ways = { sequential: () => "one by one", atOnce: ({ load }) => `${load.batch} at once` };

const start = async (client, caseName, mode) => {
  const child = fork(worker, [client, caseName, mode]);
  const ended = new Promise((_, reject) => {
    child.once("exit", (code) => reject(new Error(`${client}, ${caseName}: the process ended with ${code}`)));
  });
  ended.catch(() => {});
  const answer = () => Promise.race([once(child, "message").then(([message]) => message), ended]);
  await answer();
  return {
    sample: (way) => {
      child.send(way);
      return answer();
    },
    stop: () => child.disconnect(),
  };
};

const measureCase = async (caseName, mode, rounds) => {
  const children = {};
  try {
    for (const client of clientNames) children[client] = await start(client, caseName, mode);
    const figures = {};
    for (const way of Object.keys(ways)) {
      const samples = await interleaved(clientNames, rounds, (client) => children[client].sample(way));
      const over = (client) => samples[client].map((value, round) => value - samples.raw[round]);
      figures[way] = {
        total: Object.fromEntries(clientNames.map((client) => [client, summary(samples[client])])),
        overhead: { ours: summary(over("ours")), official: summary(over("official")) },
      };
    }
    return figures;
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
};

/** Microseconds a request, by case and way. */
export const measure = async ({ quick }) => {
  const figures = {};
  const [mode, rounds] = quick ? ["quick", 7] : ["full", 19];
  for (const caseName of Object.keys(cases)) figures[caseName] = await measureCase(caseName, mode, rounds);
  return figures;
};

export const tables = (figures) => {
  const rows = Object.entries(figures).flatMap(([caseName, byWay]) =>
    Object.entries(byWay).map(([way, { total, overhead }]) => [
      `${cases[caseName].title}, ${ways[way](cases[caseName])}`,
      ...clientNames.map((client) => number(total[client].median)),
      ranged(overhead.ours),
      ranged(overhead.official),
      // A ratio of figures that noise can turn negative would say nothing.
      overhead.ours.low > 0 ? times(overhead.official.median, overhead.ours.median) : "-",
    ]),
  );
  const { rounds } = Object.values(figures)[0].sequential.total.raw;
  return [
    {
      title: "CPU of a request, µs, transport replaced by a stub",
      head: ["request", ...clientNames.map((c) => titles[c]), "ours over raw", "official over raw", "official / ours"],
      rows,
      notes: [
        [
          `User and system time of the whole process. Medians of ${rounds} interleaved rounds, in brackets the`,
          "middle half of the rounds; the last column compares the overheads. At 1 MB, parsing takes so long",
          "that no client's own part stands out from the noise.",
        ].join(" "),
      ],
    },
  ];
};
