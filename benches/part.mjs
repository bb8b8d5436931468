// One part of the benchmarks, in a process of its own: what an earlier part has left behind (a grown heap, code that V8
// has given up to optimize) makes a later one up to three times as slow. `run.mjs` starts it and is sent the figures.

const [, , part, quick] = process.argv;
const { measure } = await import(`./${part}.mjs`);
const figures = await measure({ quick: quick === "quick" });
// By force: after a failed connection the official SDK leaves its timer running, which holds the process for the
// rest of the minute.
process.send?.(figures, () => process.exit());
