import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { collectLicences } from './scripts/licences.mjs';

const outDir = 'out/renderer';

/** Everything compressible once more as .gz: the server sends these to browsers that ask for them. */
function compressed() {
  return {
    name: 'compressed',
    closeBundle() {
      const folder = join(outDir, 'assets');
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const bytes = readFileSync(join(folder, name));
        if (bytes.length > 1024) writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** `virtual:licences`: what the program is made of, for the About page; a chunk of its own. */
function licences() {
  const id = '\0virtual:licences';
  return {
    name: 'licences',
    resolveId: (name: string) => (name === 'virtual:licences' ? id : undefined),
    load: (name: string) =>
      name === id ? `export const licences = ${JSON.stringify(collectLicences(process.cwd()))}` : undefined,
  };
}

/** Builds the window: hashed files in out/renderer/assets, and the two pages that load them. */
export default defineConfig({
  root: 'src-renderer',
  publicDir: 'public',
  plugins: [react(), licences(), compressed()],
  resolve: {
    // monaco-yaml's own worker manager speaks a protocol that this monaco-editor no longer has.
    alias: [
      {
        find: /^monaco-worker-manager$/,
        replacement: fileURLToPath(
          new URL('src-renderer/features/editor/monaco/yaml-worker-client.ts', import.meta.url),
        ),
      },
      {
        find: /^monaco-worker-manager\/worker$/,
        replacement: fileURLToPath(
          new URL('src-renderer/features/editor/monaco/yaml-worker-start.ts', import.meta.url),
        ),
      },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: `../${outDir}`,
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the pages allows files of this server only, no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rollupOptions: { input: { index: 'src-renderer/index.html', login: 'src-renderer/login.html' } },
  },
});
