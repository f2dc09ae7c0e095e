import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobTemplate, TemplateSource } from '../../core/ports/jobs-file';

function header(yaml: string, key: string): string | undefined {
  return new RegExp(`^#\\s*${key}:\\s*(.+)$`, 'm').exec(yaml)?.[1]?.trim();
}

/** The templates of a folder: one job document a file, `# title:` and `# description:` at its head. */
export function createTemplateFolder(folder: string): TemplateSource {
  let kept: Promise<JobTemplate[]> | undefined;
  const load = async (): Promise<JobTemplate[]> => {
    const names = await readdir(folder).catch(() => []);
    const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    return Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(folder, file), 'utf8');
        const name = file.replace(/\.ya?ml$/, '');
        return {
          name,
          title: header(text, 'title') ?? name,
          description: header(text, 'description') ?? '',
          yaml: text.replace(/^(#\s*(title|description):.*\r?\n)+/, '').replace(/^\s*\n/, ''),
        };
      }),
    );
  };
  return {
    list() {
      kept ??= load();
      return kept;
    },
  };
}
