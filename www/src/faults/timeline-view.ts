// Draws what the client did: a row an attempt, a row a wait.

import { h } from "../dom.js";
import { millis } from "../format.js";
import type { Attempt, Entry, Wait } from "./recorder.js";

/** The rows of a timeline. */
export function timelineRows(entries: readonly Entry[]): HTMLElement[] {
  return entries.map((entry) => (entry.kind === "attempt" ? attemptRow(entry) : waitRow(entry)));
}

function attemptRow({ number, at, status, code, took }: Attempt): HTMLElement {
  const good = took !== undefined && code === undefined;
  const tone = took === undefined ? "pending" : good ? "good" : "bad";
  return row(tone, at, `Attempt ${number}`, whatCame(status, code), took === undefined ? "" : `after ${millis(took)}`);
}

function whatCame(status: number | undefined, code: string | undefined): string {
  if (status === undefined) return code === undefined ? "sent, no answer yet" : `no answer: ${code}`;
  return code === undefined ? `HTTP ${status}` : `HTTP ${status}: ${code}`;
}

function waitRow({ at, planned, took }: Wait): HTMLElement {
  const text = took === undefined ? `waits ${millis(planned)}` : `waited ${millis(took)}`;
  return row("wait", at, "Wait", text, "");
}

function row(tone: string, at: number, what: string, came: string, took: string): HTMLElement {
  return h(
    "li",
    { class: tone },
    h("span", { class: "at" }, millis(at)),
    h("span", { class: "what" }, what),
    h("span", { class: "came" }, came),
    took === "" ? null : h("span", { class: "took" }, took),
  );
}
