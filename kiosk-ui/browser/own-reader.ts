// The page's reader without a desk around it, in a real browser.

export interface Read {
  symbology: string;
  text: string;
}

export interface Reading {
  own: Read[];
  /** The shortest time that the module took, in milliseconds. */
  ms: number;
  /** What the service reads of the same pixels; nothing unless it is asked. */
  service: Read[];
}

interface Asked {
  jpegs: string[];
  simd: boolean;
  /** As in the worker's protocol: 0 for a live camera, 1 for a picture that nothing follows. */
  effort: number;
  times: number;
  service: boolean;
}

/** Runs in the page: grey pixels of JPEGs, read by the page's own worker and, when asked, by the service. */
export async function readByPage({ jpegs, simd, effort, times, service }: Asked): Promise<Reading[]> {
  const script = document.querySelector<HTMLScriptElement>('script[type=module]')!.src;
  const source = await (await fetch(script)).text();
  const asset = (name: RegExp) => [...source.matchAll(name)].map((found) => `/assets/${found[1]}`);
  const modules = asset(/assets\/(scanning[\w-]*\.wasm)/g).filter((name) => /scanning-simd/.test(name) === simd);
  const worker = new Worker(asset(/assets\/(worker-[\w-]+\.js)/g)[0]!, { type: 'module' });
  const says = (message: unknown) =>
    new Promise<{ readings: Read[]; ms: number; frame: ArrayBuffer }>((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data as { readings: Read[]; ms: number; frame: ArrayBuffer });
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  await says({ kind: 'start', module: await WebAssembly.compileStreaming(fetch(modules[0]!)) });
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const both: Reading[] = [];
  for (const jpeg of jpegs) {
    const bytes = Uint8Array.from(atob(jpeg), (char) => char.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const { width, height } = picture;
    [canvas.width, canvas.height] = [width, height];
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const frame = new Uint8Array(8 + width * height);
    frame.set([0x4c, 0x55, 0x4d, 0x41, width & 255, width >> 8, height & 255, height >> 8]);
    for (let at = 0; at < width * height; at++) frame[8 + at] = (data[4 * at]! + 2 * data[4 * at + 1]! + data[4 * at + 2]!) >> 2;
    let theirs: Read[] = [];
    if (service) {
      const answer = await fetch('/api/scans/photo', { method: 'POST', body: frame });
      theirs = ((await answer.json()) as { readings: Read[] }).readings;
    }
    let answer = await says({ kind: 'read', frame: frame.buffer, effort, nowMs: performance.now() });
    const own = answer.readings;
    let ms = answer.ms;
    for (let time = 1; time < times; time++) {
      answer = await says({ kind: 'read', frame: answer.frame, effort, nowMs: performance.now() });
      ms = Math.min(ms, answer.ms);
    }
    both.push({ own, ms, service: theirs });
  }
  worker.terminate();
  return both;
}
