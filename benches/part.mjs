// Runs one part of the benchmarks in its own process, because leftovers of an earlier part (a grown heap, code
// that V8 no longer optimizes) can make a later one several times slower. `run.mjs` starts it and receives the
// figures.

const [, , part, quick] = process.argv;
const { measure } = await import(`./${part}.mjs`);
const figures = await measure({ quick: quick === "quick" });
// Exit explicitly: after a failed connection the official SDK leaves a timer running, which keeps the process
// alive for the rest of the minute.
process.send?.(figures, () => process.exit());
