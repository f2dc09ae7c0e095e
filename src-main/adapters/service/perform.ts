import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import type { RunTool } from '../process/windows-run-as/run-as-task';
import type { ServiceStep } from './service-host';

const longestText = 400;

/** A step as a person would type it; secrets as ***. */
export function stepText(step: ServiceStep): string {
  if (step.kind === 'write') return `write ${step.file}`;
  if (step.kind === 'remove') return `remove ${step.file}`;
  const words = step.args.map((text, index) => {
    if (step.secretArgs?.includes(index)) return '***';
    return text === '' || /[\s"]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
  });
  return [step.file, ...words].join(' ');
}

function refusal(what: string, text: string): AppError {
  const isDenied =
    /\b(EACCES|EPERM|access is denied|permission denied|authentication required|must be run as)\b/i.test(
      text,
    );
  const help = isDenied
    ? '; it needs the rights of an administrator (an elevated prompt, or sudo), or --user on Linux'
    : '';
  return new AppError(
    isDenied ? 'forbidden' : 'unavailable',
    `${what}: ${text.slice(0, longestText)}${help}`,
  );
}

/** Does one step after the other. Throws AppError at the first that fails and is not optional; tells each to `told`. */
export async function perform(
  steps: readonly ServiceStep[],
  deps: { readonly runTool: RunTool; readonly told: (line: string) => void },
): Promise<void> {
  for (const step of steps) {
    if (step.kind !== 'run') {
      try {
        if (step.kind === 'remove') rmSync(step.file, { force: true });
        else {
          mkdirSync(dirname(step.file), { recursive: true });
          writeFileSync(step.file, step.text, { encoding: step.encoding ?? 'utf8', mode: 0o644 });
        }
      } catch (error) {
        throw refusal(stepText(step), (error as Error).message);
      }
      deps.told(stepText(step));
      continue;
    }
    const answer = await deps.runTool(step.file, step.args);
    // nssm writes UTF-16.
    const text = answer.text.replaceAll('\0', '').replace(/\s+/g, ' ').trim();
    if (answer.code === 0) {
      deps.told(`${step.what}: done`);
      continue;
    }
    const said =
      text === '' ? `${step.file} ended with ${answer.code}` : `${text} (${step.file}, ${answer.code})`;
    if (!step.isOptional) throw refusal(step.what, said);
    deps.told(`${step.what}: no: ${said.slice(0, longestText)}`);
  }
}
