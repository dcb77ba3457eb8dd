// Reads frames beside the page, so that the page never waits for a frame.
import { frameSize } from './luma';
import { Reader } from './module';
import type { FromWorker, ToWorker } from './protocol';

const scope = self as unknown as {
  onmessage: (message: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
};

let reader: Reader | null = null;

/**
 * What goes wrong here ends the worker, and the page makes another; a scene over which each of them falls is read by
 * the service, which survives it.
 */
scope.onmessage = ({ data }) => {
  if (data.kind === 'start') {
    reader = new Reader(data.module);
    scope.postMessage({ kind: 'ready' }, []);
    return;
  }
  if (!reader) throw new Error('no module');
  const from = performance.now();
  const size = frameSize(data.frame) ?? { width: 0, height: 0 };
  const readings = reader.read(data.frame, data.effort, data.nowMs);
  scope.postMessage({ kind: 'read', frame: data.frame, ...size, ms: performance.now() - from, readings }, [data.frame]);
};
