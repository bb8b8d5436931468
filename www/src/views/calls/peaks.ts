// The waveform of a recording: decoded once, then drawn as bars in the available size, one lane per side.

/** Samples a second that are enough to see a voice; more would only fill memory. */
export const RATE = 8000;
/** Pixels of a bar and of the space after it. */
const BAR = 3;
const SPACE = 2;
/** Opacity of the part that has not been played. */
const FAINT = 0.42;

/** Decodes audio. Nothing is played by it. */
export async function decode(audio: Blob): Promise<Float32Array> {
  const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await audio.arrayBuffer());
  return decoded.getChannelData(0);
}

/** The loudest of each of `count` equal parts, 0 to 1 of the loudest of all. */
export function peaks(samples: Float32Array, count: number): number[] {
  const size = samples.length / count;
  const found = Array.from({ length: count }, (_, part) => {
    let most = 0;
    const end = Math.min(samples.length, Math.ceil((part + 1) * size));
    for (let at = Math.floor(part * size); at < end; at += 1) most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
  const most = Math.max(...found);
  return most === 0 ? found : found.map((peak) => peak / most);
}

/** How many bars fit into this many pixels. */
export const barsIn = (width: number): number => Math.max(1, Math.floor(width / (BAR + SPACE)));

interface Look {
  /** One per bar. */
  heights: readonly number[];
  /** Whether a bar, given its middle from 0 to 1, is the agent's. */
  isAgent: (at: number) => boolean;
  /** 0 to 1. */
  played: number;
  /** Colours as the styles have them. */
  agent: string;
  other: string;
}

/** Draws the other side above and the agent below; the played part in full colour. */
export function draw(canvas: HTMLCanvasElement, { heights, isAgent, played, agent, other }: Look): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext("2d");
  if (pen === null || width === 0) return;
  const [wide, tall] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  // Setting a size clears the canvas, but costs more than clearing it directly.
  if (canvas.width !== wide || canvas.height !== tall) [canvas.width, canvas.height] = [wide, tall];
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const lane = height / 2;
  heights.forEach((peak, index) => {
    const at = (index + 0.5) / heights.length;
    const below = isAgent(at);
    for (const lower of [false, true]) {
      const size = Math.max(2, (lower === below ? peak : 0) * (lane - 4));
      pen.fillStyle = lower ? agent : other;
      pen.globalAlpha = at <= played ? 1 : FAINT;
      pen.fillRect(index * (BAR + SPACE), (lower ? lane : 0) + (lane - size) / 2, BAR, size);
    }
  });
}
