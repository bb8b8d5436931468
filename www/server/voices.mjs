// @ts-check
// What a voice sounds like. The page's policy lets it load nothing from another host, and the recordings are at hosts that
// only the API names. So they are fetched here, without the key, and nothing but sound is passed on.

/** @typedef {import("../../sandbox/js/types.js").Mount} Mount */

const SOUND = /^audio\/[\w.+-]+$/;
/** Bytes of a recording. A sentence of speech is a tenth of it. */
const MOST = 4 * 1024 * 1024;
/** Milliseconds for the list, and for a recording. */
const PATIENCE = 15_000;

const problem = (/** @type {number} */ status, /** @type {string} */ detail) => Response.json({ detail }, { status });

/**
 * Answers `/__sandbox/voices?id=…` with the recording of that voice.
 * @param {{ apiKey: string, baseUrl: string }} options
 * @returns {Mount}
 */
export const voicesMount = ({ apiKey, baseUrl }) => ({
  path: "/__sandbox/voices",
  async fetch(request) {
    if (request.method !== "GET") return problem(405, "Only GET is answered here.");
    const id = new URL(request.url).searchParams.get("id");
    try {
      const address = await addressOf(id, apiKey, baseUrl);
      return address === undefined ? problem(404, "This voice has no recording.") : await recordingAt(address);
    } catch {
      // What failed may name the address, or what another host said.
      return problem(502, "The recording of this voice could not be read.");
    }
  },
});

/**
 * Where the API says that the recording of a voice is. The page names the voice only, so that it cannot have any address fetched.
 * @param {string | null} id @param {string} apiKey @param {string} baseUrl
 * @returns {Promise<URL | undefined>}
 */
async function addressOf(id, apiKey, baseUrl) {
  const response = await fetch(`${baseUrl.replace(/\/+$/, "")}/v1/agents/voices`, {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error("The voices cannot be listed.");
  const { data } = /** @type {any} */ (await response.json());
  const address = data.find((/** @type {any} */ voice) => voice?.voice_id === id)?.preview_audio_url;
  if (typeof address !== "string" || !URL.canParse(address)) return undefined;
  const found = new URL(address);
  // An API on this machine may have recordings on this machine.
  return [new URL(baseUrl).protocol, "https:"].includes(found.protocol) ? found : undefined;
}

/** @param {URL} address */
async function recordingAt(address) {
  const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!response.ok || response.body === null || !SOUND.test(type)) throw new Error("This is not a recording.");
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  for await (const part of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (response.body))) {
    length += part.length;
    if (length > MOST) throw new Error("It is too long.");
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { headers: { "content-type": type } });
}
