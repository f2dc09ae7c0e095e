import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

/** Builds what plain Node runs. Packages stay outside the bundle: several of them load files beside themselves. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/main',
    emptyOutDir: true,
    sourcemap: true,
    rollupOptions: {
      input: {
        headless: 'src-main/shells/headless/main.ts',
        simulate: 'src-main/shells/simulate/main.ts',
        'sqlite-worker': 'src-main/adapters/sql/sqlite/worker.ts',
      },
      external: [...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
