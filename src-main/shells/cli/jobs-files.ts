import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { formatJobsFile } from '../../../src-shared/job-document';
import { cutJobTexts } from '../../../src-shared/job-document/job-text';
import { readYaml } from '../../../src-shared/job-document/read-yaml';
import { nodeAt } from '../../../src-shared/job-document/yaml-tree';

/** A jobs file, or the file of one job. */
export interface TextFile {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}

function readOne(file: string, name: string): TextFile {
  try {
    return { name, text: decode(readFileSync(file === '-' ? 0 : file)) };
  } catch (error) {
    throw new AppError('validation_failed', `${name} can't be read: ${(error as Error).message}`);
  }
}

function yamlFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return yamlFilesIn(path);
      return entry.isFile() && /\.ya?ml$/i.test(entry.name) ? [path] : [];
    });
}

/** Reads files and folders; of a folder every .yaml and .yml file in it and below, `-` is what is piped in. */
export function readJobsFiles(paths: readonly string[]): TextFile[] {
  return paths.flatMap((path) => {
    if (path === '-') return [readOne(path, 'standard input')];
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info) throw new AppError('validation_failed', `There is no file or folder ${path}`);
    if (!info.isDirectory()) return [readOne(path, path)];
    const files = yamlFilesIn(path);
    if (files.length === 0)
      throw new AppError('validation_failed', `The folder ${path} holds no .yaml or .yml file`);
    return files.map((file) => readOne(file, join(path, relative(path, file))));
  });
}

interface JobPiece {
  readonly job_id: string;
  readonly text: string;
}

const idOf = (job: unknown): string => {
  const { id, job_id } = (typeof job === 'object' && job !== null ? job : {}) as Record<string, unknown>;
  return String(id ?? job_id ?? '');
};

/** The jobs of a file that was found to be valid, each as a text of its own, with its comments. */
function piecesOf({ text }: TextFile): JobPiece[] {
  const { value, root, lines } = readYaml(text, Number.POSITIVE_INFINITY);
  const jobs = (value as { readonly jobs?: unknown } | null | undefined)?.jobs;
  if (!Array.isArray(jobs)) return value ? [{ job_id: idOf(value), text }] : [];
  const list = nodeAt(root, ['jobs']);
  const texts = list ? cutJobTexts(list, lines) : [];
  return jobs.map((job: unknown, index) => ({
    job_id: idOf(job),
    text: texts[index]?.text ?? JSON.stringify(job),
  }));
}

/**
 * All files as one jobs file, so that all of them are taken in or nothing. One file stays as it is. Throws
 * `validation_failed` naming both files that hold a job of the same id.
 */
export function joinJobsFiles(files: readonly TextFile[]): string {
  const [first] = files;
  if (files.length === 1 && first) return first.text;
  const seen = new Map<string, string>();
  const texts = files.flatMap((file) =>
    piecesOf(file).map(({ job_id, text }) => {
      const earlier = seen.get(job_id.toLowerCase());
      if (earlier !== undefined)
        throw new AppError(
          'validation_failed',
          `Job "${job_id}" stands in ${earlier} and in ${file.name}; expected it in one of them`,
        );
      seen.set(job_id.toLowerCase(), file.name);
      return text;
    }),
  );
  return formatJobsFile(texts);
}
