import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin, type Rollup } from 'vite';
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

/** The page that most starts show; the others' code comes when they are opened. */
const firstPage = 'features/dashboard/dashboard-page.tsx';

/**
 * The first page's code and styles are asked for with the entry's own: otherwise only once all of that has run, and
 * nothing is painted before.
 */
function firstPagePreloaded(): Plugin {
  return {
    name: 'first-page-preloaded',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, path }) {
        if (!path.endsWith('/index.html')) return;
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const page = chunks.find((one) => one.facadeModuleId?.replaceAll('\\', '/').endsWith(firstPage));
        if (!page) throw new Error(`${firstPage} is no chunk of its own`);
        const needed = [page.fileName];
        for (const name of needed)
          for (const further of chunks.find((one) => one.fileName === name)?.imports ?? [])
            if (!needed.includes(further)) needed.push(further);
        const styles = new Set(
          needed.flatMap((name) => [
            ...(chunks.find((one) => one.fileName === name)?.viteMetadata?.importedCss ?? []),
          ]),
        );
        const isNew = (name: string) => !html.includes(`/${name}"`);
        return [
          ...needed.filter(isNew).map((name) => ({
            tag: 'link',
            injectTo: 'head' as const,
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
          })),
          ...[...styles].filter(isNew).map((name) => ({
            tag: 'link',
            // After the entry's: where it would be put if it came later.
            injectTo: 'head' as const,
            attrs: { rel: 'stylesheet', crossorigin: true, href: `/${name}` },
          })),
        ];
      },
    },
  };
}

/** What a client needs of an operation; its schemas are for the one who is called. */
const schemas: ReadonlySet<string> = new Set(['params', 'query', 'body', 'response']);

/**
 * The contracts without their schemas: a page that opens shall not make some thousand of them and call none. They are
 * read from the sources at every build, so there is nothing to keep in step.
 */
function contractsOfPages() {
  const files = ['src-shared/contract/index', 'src-shared/desktop-contract'];
  const isOfPages = (importer = '') => /[\\/]src-renderer[\\/]/.test(importer);
  return {
    name: 'contracts-of-pages',
    enforce: 'pre' as const,
    resolveId(source: string, importer?: string) {
      const file = isOfPages(importer) && files.find((each) => source.endsWith(each));
      return file ? `\0contract:${file}` : undefined;
    },
    async load(id: string) {
      if (!id.startsWith('\0contract:')) return undefined;
      const made = (await build({
        configFile: false,
        logLevel: 'error',
        build: { ssr: `${id.slice('\0contract:'.length)}.ts`, write: false },
        ssr: { noExternal: true },
      })) as Rollup.RollupOutput;
      const code = Buffer.from(made.output[0].code).toString('base64');
      const all = (await import(`data:text/javascript;base64,${code}`)) as Record<string, unknown>;
      return Object.entries(all)
        .filter(([name]) => /contract$/i.test(name))
        .map(([name, contract]) => {
          // Operations may be called `query` too: what is left out is a schema, not a name.
          const text = JSON.stringify(contract, (key, value) =>
            schemas.has(key) && '_zod' in value ? undefined : value,
          );
          return `export const ${name} = ${text};`;
        })
        .join('\n');
    },
  };
}

/** Builds the window: hashed files in out/renderer/assets, and the two pages that load them. */
export default defineConfig({
  root: 'src-renderer',
  publicDir: 'public',
  plugins: [contractsOfPages(), react(), licences(), firstPagePreloaded(), compressed()],
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
    rollupOptions: {
      input: { index: 'src-renderer/index.html', login: 'src-renderer/login.html' },
      // The policy forbids making code out of text. zod would try at its first schema, so it is told before it is there.
      output: {
        banner: (chunk) =>
          chunk.moduleIds.some((id) => id.includes('/zod/v4/core/'))
            ? 'globalThis.__zod_globalConfig={jitless:true};'
            : '',
      },
    },
  },
});
