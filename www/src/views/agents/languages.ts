// The languages that the API recognises and speaks, as people call them.

import type { Language } from "agentphone-wasm";

const CODES: readonly Language[] = [
  "af-ZA", "ar-SA", "az-AZ", "bg-BG", "bs-BA", "ca-ES", "cs-CZ", "cy-GB", "da-DK", "de-DE", "el-GR", "en-AU", "en-GB", "en-IN", "en-NZ", "en-US",
  "es-419", "es-ES", "fa-IR", "fi-FI", "fil-PH", "fr-CA", "fr-FR", "gl-ES", "he-IL", "hi-IN", "hr-HR", "hu-HU", "hy-AM", "id-ID", "is-IS", "it-IT",
  "ja-JP", "kk-KZ", "kn-IN", "ko-KR", "lt-LT", "lv-LV", "mk-MK", "mr-IN", "ms-MY", "ne-NP", "nl-BE", "nl-NL", "no-NO", "pl-PL", "pt-BR", "pt-PT",
  "ro-RO", "ru-RU", "sk-SK", "sl-SI", "sr-RS", "sv-SE", "sw-KE", "ta-IN", "th-TH", "tr-TR", "uk-UA", "ur-IN", "vi-VN", "yue-CN", "zh-CN",
];

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** For a choice, by their names. */
export const LANGUAGES = CODES.map((value) => ({ value, label: `${names.of(value) ?? value} · ${value}` })).sort((a, b) => a.label.localeCompare(b.label));
