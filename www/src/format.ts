// How numbers and times read.

/** 302 cents: `$3.02`. */
export function money(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}

/** 1234.5 ms: `1 235 ms`, with a space that does not break. */
export function millis(ms: number): string {
  const digits = String(Math.round(ms));
  return `${digits.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f")}\u00a0ms`;
}

/** `1 call`, `2 calls`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** An ISO time as the clock on the wall shows it. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
