import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * `virtual:reader`: the addresses of the reader's two modules, which the service's build script compiles into the
 * folder KIOSK_WASM. Without that folder there is no reader, and the page leaves reading to the service.
 */
function reader(folder = process.env['KIOSK_WASM']): Plugin {
  const name = 'virtual:reader';
  const of = (file: string) => JSON.stringify(`${join(folder ?? '', file)}?url`);
  return {
    name: 'reader',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) return undefined;
      if (!folder) return 'export default null;';
      return `import plain from ${of('scanning.wasm')}; import simd from ${of('scanning-simd.wasm')}; export default { plain, simd };`;
    },
  };
}

// The service's build script names the folders; by hand the page goes to dist.
export default defineConfig({
  plugins: [svelte(), reader()],
  build: { outDir: process.env.KIOSK_UI_OUT ?? 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': { target: 'http://127.0.0.1:8421', ws: true } } },
  test: { include: ['src/**/*.test.ts'] },
});
