import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

/**
 * Builds the two files of the desktop application that must be CommonJS: its entry, which has to run before Electron
 * is ready, and the preload script, which runs in a sandbox. The rest is built with the program.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/desktop',
    emptyOutDir: true,
    sourcemap: true,
    rollupOptions: {
      input: {
        main: 'src-main/shells/electron/main.ts',
        preload: 'src-main/shells/electron/preload.ts',
      },
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});
