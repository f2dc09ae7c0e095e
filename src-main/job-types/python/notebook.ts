import { basename, join } from 'node:path';
import { z } from 'zod';
import type { RunContext, RunOutcome } from '../../core/job-type';
import type { TemporaryFolder } from '../../core/ports/host';
import { parameterSource } from './python-literal';
import runNotebook from './run-notebook.py?raw';
import type { PythonConfig } from './schema';

/** What run-notebook.py leaves in its result file. */
const NotebookResult = z.object({
  missing: z.string().optional(),
  problem: z.string().optional(),
  count: z.number().optional(),
  error: z
    .object({
      cell: z.number().nullish(),
      execution_count: z.number().nullish(),
      name: z.string(),
      message: z.string(),
      line: z.number().nullish(),
      text: z.string().nullish(),
    })
    .nullish(),
});
type NotebookResult = z.infer<typeof NotebookResult>;

const shorten = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** `cell 3 of 7 (In [3]): ZeroDivisionError: division by zero (line 2: 1 / 0)`. Cells are counted as the author sees them. */
export function describeCellError(
  error: NonNullable<NotebookResult['error']>,
  count: number | undefined,
): string {
  const cell = error.cell
    ? `cell ${error.cell}${count === undefined ? '' : ` of ${count}`}${error.execution_count ? ` (In [${error.execution_count}])` : ''}`
    : 'the cell of parameters';
  const what = [error.name, error.message].filter((part) => part !== '').join(': ');
  const place = error.line ? ` (line ${error.line}${error.text ? `: ${shorten(error.text, 120)}` : ''})` : '';
  return `${cell}: ${shorten(what, 500)}${place}`;
}

export interface PreparedNotebook {
  /** Arguments behind the interpreter. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The outcome in words, once the process has ended. */
  explain(outcome: RunOutcome): Promise<RunOutcome>;
}

/** Lays out a notebook's run: the executed notebook and its HTML become artifacts of the execution. */
export async function prepareNotebook(
  source: string,
  config: PythonConfig,
  folder: TemporaryFolder,
  workingFolder: string,
  executable: string,
  run: RunContext,
): Promise<PreparedNotebook> {
  const name = basename(source).replace(/\.ipynb$/i, '');
  const driver = await folder.write('run-notebook.py', runNotebook);
  const { parameters } = config;
  // Another account can't write into our own folders: what it leaves is fetched from its folder.
  const isKeptThere = !folder.isForeign && run.artifacts.folder !== '';
  const results = [`${name}.ipynb`, `${name}.html`];
  const place = isKeptThere ? run.artifacts.folder : folder.path;
  const request = await folder.write(
    'request.json',
    JSON.stringify({
      source,
      folder: workingFolder,
      notebook: join(place, `${name}.ipynb`),
      html: join(place, `${name}.html`),
      result: join(folder.path, 'result.json'),
      parameters: parameters === undefined ? null : parameterSource(parameters),
      names: Object.keys(parameters ?? {}),
    }),
  );
  return {
    args: [driver, request],
    env: {
      // Connection files, with the key to the kernel, stay in the private folder.
      JUPYTER_RUNTIME_DIR: folder.path,
      PYDEVD_DISABLE_FILE_VALIDATION: '1',
    },
    async explain(outcome) {
      if (!isKeptThere && run.artifacts.folder !== '')
        for (const result of results) await folder.copyOut(result, join(run.artifacts.folder, result));
      if (outcome.status === 'success' || outcome.return_code === undefined) return outcome;
      const text = await folder.read('result.json');
      const result = text === undefined ? undefined : NotebookResult.safeParse(JSON.parse(text)).data;
      if (result?.missing !== undefined)
        return {
          ...outcome,
          error_message: `The notebook needs nbconvert (6 or later) and ipykernel, and ${executable} has no ${result.missing}; install them there, or name them under requirements`,
        };
      if (result?.problem !== undefined)
        return { ...outcome, error_message: `${basename(source)} ${result.problem}` };
      if (result?.error)
        return {
          ...outcome,
          error_message: `${basename(source)}, ${describeCellError(result.error, result.count)}`,
        };
      return outcome;
    },
  };
}
