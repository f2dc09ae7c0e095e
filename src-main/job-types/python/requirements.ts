import { basename, dirname, isAbsolute, resolve } from 'node:path';
import type { Host } from '../../core/ports/host';

/** How deep requirements files may name one another. */
const deepest = 10;

/** A line without its comment, as pip reads it. */
const bare = (line: string) => line.replace(/(^|\s)#.*$/, '').trim();

/** The file another one names with -r or -c. */
function namedFile(line: string): string | undefined {
  const match = /^(?:-r|-c|--requirement|--constraint)(?:\s+|=|(?=\S))(.+)$/.exec(line);
  const name = match?.[1]?.trim().replace(/^["']|["']$/g, '');
  return name === undefined || /^[a-z][a-z0-9+.-]+:\/\//i.test(name) ? undefined : name;
}

export type Requirements =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What counts in a text of requirements: comments and empty lines do not, files it names do. */
async function readLines(host: Host, text: string, folder: string, depth: number): Promise<Requirements> {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/).map(bare)) {
    if (line === '') continue;
    lines.push(line);
    const named = namedFile(line);
    if (named === undefined) continue;
    const file = isAbsolute(named) ? named : resolve(folder, named);
    const inner = await readFile(host, file, depth + 1);
    if (inner.kind === 'unreadable') return inner;
    lines.push(...inner.lines.map((one) => `  ${one}`));
  }
  return { kind: 'lines', lines };
}

async function readFile(host: Host, file: string, depth: number): Promise<Requirements> {
  if (depth > deepest)
    return { kind: 'unreadable', reason: `${file}: requirements files name one another in a ring` };
  if ((await host.kindOf(file)) !== 'file')
    return { kind: 'unreadable', reason: `The requirements file ${file} does not exist` };
  try {
    return await readLines(host, await host.readText(file), dirname(file), depth);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      kind: 'unreadable',
      reason: `The requirements file ${basename(file)} could not be read: ${why}`,
    };
  }
}

/** The lines that a requirements file, or a list in the job, comes to: what an environment is known by. */
export async function readRequirements(
  host: Host,
  requirements: { readonly file: string } | { readonly lines: readonly string[] },
): Promise<Requirements> {
  return 'file' in requirements
    ? readFile(host, requirements.file, 0)
    : readLines(host, requirements.lines.join('\n'), host.jobsFolder, 0);
}

/** Whether pip could not reach an index. */
export function isIndexOffline(text: string): boolean {
  return /NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|SSLError|ReadTimeoutError|getaddrinfo/i.test(
    text,
  );
}

/** Why pip gave up, from what it wrote. */
export function describePipFailure(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const isOffline = isIndexOffline(text);
  const missing = lines.findLast((line) => /No matching distribution found for/i.test(line));
  const wanted = missing && /found for (.+)$/i.exec(missing)?.[1];
  if (isOffline)
    return `the package index could not be reached${wanted ? ` for "${wanted}"` : ''} (network, proxy or certificate; an index of your own: a line --index-url, or PIP_INDEX_URL in environment)`;
  if (wanted) {
    const versions = lines.findLast((line) => /\(from versions:/.test(line));
    const offered = /\(from versions: (.*)\)/.exec(versions ?? '')?.[1];
    return `there is no "${wanted}"${offered && offered !== 'none' ? `; the versions are ${offered.slice(0, 200)}` : ''}`;
  }
  const errors = lines.filter(
    (line) => /^ERROR:/.test(line) && !/^ERROR: (pip's dependency|Exception:)/.test(line),
  );
  const last =
    errors.at(0) ?? lines.filter((line) => line !== '' && !/^(WARNING|\[notice\])/.test(line)).at(-1);
  return (last ?? 'pip said nothing').replace(/^ERROR:\s*/, '').slice(0, 400);
}
