// How many SMS a text is: 160 letters of the GSM alphabet or 70 of any other, a little less in each where it takes
// several (GSM 03.38, GSM 03.40).

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** These take the place of two. */
const EXTENDED = new Set("\f^{}\\[~]|€");

/** What a text comes to. */
export interface Segments {
  /** Letters as people count them. */
  characters: number;
  segments: number;
  /** Places left in the last segment. */
  left: number;
  encoding: "GSM-7" | "UCS-2";
}

/** Counts a text. */
export function segmentsOf(text: string): Segments {
  const letters = [...text];
  const gsm = letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter));
  const places = gsm ? letters.reduce((sum, letter) => sum + (EXTENDED.has(letter) ? 2 : 1), 0) : text.length;
  const [single, joined] = gsm ? [160, 153] : [70, 67];
  const segments = places === 0 ? 0 : places <= single ? 1 : Math.ceil(places / joined);
  const room = segments <= 1 ? single : segments * joined;
  return { characters: letters.length, segments, left: room - places, encoding: gsm ? "GSM-7" : "UCS-2" };
}
