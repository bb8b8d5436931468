// The shape of a sound: decoded once, then drawn as bars in whatever size there is.

/** Samples a second that are enough to see a voice; more would only fill memory. */
const RATE = 8000;
/** Pixels of a bar and of the space after it. */
const BAR = 3;
const SPACE = 2;

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

interface Look {
  /** 0 to 1. */
  played: number;
  /** Colours as the styles have them. */
  before: string;
  after: string;
}

/** Draws the bars; those that were played in another colour. */
export function draw(canvas: HTMLCanvasElement, samples: Float32Array, { played, before, after }: Look): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext("2d");
  if (pen === null || width === 0) return;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const bars = peaks(samples, Math.max(1, Math.floor(width / (BAR + SPACE))));
  bars.forEach((peak, index) => {
    const tall = Math.max(2, peak * height);
    pen.fillStyle = (index + 0.5) / bars.length <= played ? before : after;
    pen.fillRect(index * (BAR + SPACE), (height - tall) / 2, BAR, tall);
  });
}
