import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

/** The files are ES modules wherever the folder is put. */
const esModules = {
  name: 'es-modules',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): void }) {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "module" }\n' });
  },
};

/**
 * Builds what plain Node runs. Packages stay outside the bundle, as several of them load files beside themselves; but
 * for what every start loads and is nothing but hundreds of small modules, each of which Node would look up then; and for
 * CommonJS that needs an ES module, which Electron can't load before it holds Node 20.19. What they need themselves is
 * bundled too or a dependency of ours (glob): packing may put another version of it where they look from here.
 */
export default defineConfig({
  ssr: {
    noExternal: [
      // Not fastify's schema compilers: no route has a schema of its own, so they are never loaded.
      /^@fastify\/(accept-negotiator|cookie|error|forwarded|proxy-addr|send|static)$/,
      '@lukeed/ms',
      '@opentelemetry/api',
      'abstract-logging',
      'avvio',
      'bintrees',
      'commander',
      'content-disposition',
      'cookie',
      'cron-parser',
      'csv-stringify',
      'depd',
      'dequal',
      'electron-log',
      'escape-html',
      'fast-decode-uri-component',
      'fast-deep-equal',
      'fast-querystring',
      'fastify',
      'fastify-plugin',
      'fastq',
      'find-my-way',
      'http-errors',
      'inherits',
      'ipaddr.js',
      'kysely',
      'long-timeout',
      'luxon',
      'mime',
      'node-schedule',
      'process-warning',
      'prom-client',
      'ret',
      'reusify',
      'rfdc',
      'safe-regex2',
      'secure-json-parse',
      'semver',
      'setprototypeof',
      'sorted-array-functions',
      'statuses',
      'tdigest',
      'toad-cache',
      'toidentifier',
      'yaml',
      'zod',
    ],
  },
  plugins: [esModules],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/main',
    emptyOutDir: true,
    sourcemap: true,
    rollupOptions: {
      input: {
        cli: 'src-main/shells/cli/main.ts',
        desktop: 'src-main/shells/electron/desktop.ts',
        headless: 'src-main/shells/headless/main.ts',
        simulate: 'src-main/shells/simulate/main.ts',
        'sqlite-worker': 'src-main/adapters/sql/sqlite/worker.ts',
      },
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      // A third less text for Node to read and compile at every start; names stay, as they stand in logs.
      output: {
        minify: { mangle: false, compress: false, codegen: true },
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
