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

/** Applies a theme, and stores it. */
export function setTheme(to: Theme): void {
  theme.value = to;
  localStorage.setItem(KEPT_AS, to);
  showTheme();
}

/** Switches to the next: system, light, dark. */
export const nextTheme = (): void =>
  setTheme(theme.value === "system" ? "light" : theme.value === "light" ? "dark" : "system");
