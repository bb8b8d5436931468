// Switches to the next theme: in the header, or with its name in the menu if the header has no room for it.

import { Moon, Sun, SunMoon } from "lucide-preact";
import { words } from "../ui/format.js";
import { nextTheme, theme } from "./theme.js";

/** The button. */
export function ThemeButton({ named = false }: { named?: boolean }) {
  const Icon = { system: SunMoon, light: Sun, dark: Moon }[theme.value];
  const text = `Theme: ${theme.value}`;
  return (
    <button type="button" class={named ? "" : "icon"} aria-label={`${text}. Change`} title={text} onClick={nextTheme}>
      <Icon aria-hidden="true" size={18} />
      {named && `Theme: ${words(theme.value).toLowerCase()}`}
    </button>
  );
}
