// The two engines as a browser has them.
import reader from 'virtual:reader';
import { liveAddress, desk as service } from '../api/client';
import { prefersLuma } from './camera';
import type { Engines } from './engine';
import { Live } from './live';
import { hasSimd } from './module';
import { PageEngine, type ReaderWorker } from './page-engine';

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiled once for the page; a worker gets it ready to run. */
function compile({ plain, simd }: { plain: string; simd: string }): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compileStreaming(fetch(hasSimd() ? simd : plain));
  // A network that was gone for a moment is no reason to leave reading to the service for good.
  compiled.catch(() => (compiled = undefined));
  return compiled;
}

const worker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'reader' }) as ReaderWorker;

/** Whether frames can be read in the page at all. */
export const readsInPage = reader !== null && typeof WebAssembly === 'object' && typeof Worker === 'function';

export const engines: Engines = {
  page: (events, gaveUp) =>
    reader && readsInPage ? new PageEngine({ module: compile(reader), worker, resolve: service.resolveSoon }, events, gaveUp) : null,
  service: (events) => new Live(liveAddress(), events, prefersLuma(location.hostname)),
};
