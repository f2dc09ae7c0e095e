import { AppError } from '../../../src-shared/errors';
import type { Issue } from '../../../src-shared/model/issue';
import { api } from '../../lib/api';
import type { Preview } from './import-preview';

/** What the text would do, asked without saving. A file with errors is a preview of its errors. */
export async function previewOf(yaml: string): Promise<Preview> {
  const lines = yaml.split(/\r\n?|\n/);
  const withSource = (issues: readonly Issue[]) =>
    issues.map((issue) => ({
      ...issue,
      source: issue.line === undefined ? undefined : lines[issue.line - 1],
    }));
  try {
    const reply = await api.jobs.import({ body: { yaml, dry_run: true } });
    return {
      isRefused: false,
      entries: reply.jobs.map((job) => ({
        ...job,
        kind: job.conflict === undefined ? job.action : 'conflict',
      })),
      issues: withSource(reply.issues),
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'validation_failed')
      return {
        isRefused: true,
        entries: [],
        issues: withSource(error.issues ?? [{ path: '', message: error.message, severity: 'error' }]),
      };
    throw error;
  }
}
