// @ts-check
// Speech of the browser. Only voices that are on this machine: others send the text to a server.

/** @returns {SpeechSynthesisVoice[]} */
const voices = () =>
  typeof speechSynthesis === "undefined" ? [] : speechSynthesis.getVoices().filter((one) => one.localService);

/** Whether there is a voice on this machine. */
export const canSpeak = () => voices().length > 0;

/** The voice for a language: of the same region, else of the same language, else none. @template {{ lang: string }} T @param {readonly T[]} all @param {string} language */
export function voiceFor(all, language) {
  const wanted = language.toLowerCase();
  const of = (/** @type {T} */ { lang }) => lang.replace("_", "-").toLowerCase();
  const [family = ""] = wanted.split("-");
  return all.find((one) => of(one) === wanted) ?? all.find((one) => of(one).split("-")[0] === family);
}

/** Where an accent is at home. @type {Readonly<Record<string, string>>} */
const HOMES = {
  american: "en-US",
  australian: "en-AU",
  british: "en-GB",
  canadian: "en-CA",
  indian: "en-IN",
  irish: "en-IE",
  scottish: "en-GB",
};

/** The language of a voice that speaks English with an accent. @param {string} accent */
export const languageOf = (accent) => HOMES[accent.toLowerCase()] ?? "en-US";

/** Says a text after what is being said. @param {string} text @param {string} language */
export function speak(text, language) {
  const voice = voiceFor(voices(), language);
  if (voice === undefined) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  speechSynthesis.speak(utterance);
}

/** Falls silent. */
export function stopSpeaking() {
  if (typeof speechSynthesis !== "undefined") speechSynthesis.cancel();
}
