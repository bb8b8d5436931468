// The stores of campaigns: those of the chaos, by their addresses.

export { stores as campaignStores } from "./stores.mjs";

/** @param {import("./stores.mjs").Store} store */
export const addressOf = ({ place: { kind, port, path = "" } }) => {
  if (kind === "pg") return `postgres://postgres@127.0.0.1:${port}/postgres`;
  return kind === "redis" ? `redis://127.0.0.1:${port}` : path;
};
