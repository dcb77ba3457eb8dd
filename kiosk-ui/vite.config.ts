import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The service's build script names the folder; by hand the page goes to dist.
export default defineConfig({
  plugins: [svelte()],
  build: { outDir: process.env.KIOSK_UI_OUT ?? 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  server: { host: '127.0.0.1', proxy: { '/api': { target: 'http://127.0.0.1:8421', ws: true } } },
  test: { include: ['src/**/*.test.ts'] },
});
