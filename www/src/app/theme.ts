// Light or dark: as the system has it, until somebody chooses.

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const KEPT_AS = "agentphone-theme";
const known = (value: string | null): Theme => (value === "light" || value === "dark" ? value : "system");

export const theme = signal<Theme>(known(localStorage.getItem(KEPT_AS)));

/** Puts the choice where the styles see it. */
export function showTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.value === "system") delete dataset.theme;
  else dataset.theme = theme.value;
}

/** Takes the next: system, light, dark. */
export function nextTheme(): void {
  theme.value = theme.value === "system" ? "light" : theme.value === "light" ? "dark" : "system";
  localStorage.setItem(KEPT_AS, theme.value);
  showTheme();
}
