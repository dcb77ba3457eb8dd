// Reads frames beside the page, so that the page never waits for a frame.
import { frameSize } from './luma';
import { Reader } from './module';
import type { FromWorker, PageReading, ToWorker } from './protocol';

const scope = self as unknown as {
  onmessage: (message: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
};

let module: WebAssembly.Module | null = null;
let reader: Reader | null = null;

scope.onmessage = ({ data }) => {
  if (data.kind === 'start') {
    module = data.module;
    reader = new Reader(module);
    scope.postMessage({ kind: 'ready' }, []);
    return;
  }
  const from = performance.now();
  const size = frameSize(data.frame) ?? { width: 0, height: 0 };
  const readings = read(data);
  scope.postMessage({ kind: 'read', frame: data.frame, ...size, ms: performance.now() - from, readings }, [data.frame]);
};

/** A frame that the module falls over counts as nothing read, as it does for the service. */
function read({ frame, effort, nowMs }: ToWorker & { kind: 'read' }): PageReading[] {
  if (!module) throw new Error('no module');
  try {
    reader ??= new Reader(module);
    return reader.read(frame, effort, nowMs);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    reader = null;
    return [];
  }
}
