/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The server's own paths; everything else is the map application.
const server = { target: 'http://127.0.0.1:8080' };

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    // MapLibre alone is over the default limit; the budget that counts is kept by the browser tests.
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      output: {
        manualChunks: (id: string) => (id.includes('node_modules/maplibre-gl') ? 'maplibre' : undefined),
      },
    },
  },
  server: {
    proxy: {
      '/ogc': server,
      '/project': server,
      '/parameters': server,
      '/reserves': server,
      '/jobs': server,
      '/supply': server,
      '/session': server,
      '/health': server,
    },
  },
  test: { include: ['test/**/*.test.ts'] },
});
