import type { JobSource } from '../../../../src-shared/model/job-source';
import { api } from '../../../lib/api';
import type { TakenAs } from './source-words';

export type SourceReply = Awaited<ReturnType<typeof api.jobs.importFrom>>;

/** What jobs are made of: a text, a file byte by byte, or the msdb of a server. */
export interface SourceGiven {
  readonly source: JobSource;
  readonly text: string;
  /** Base64 of a chosen file; it comes before the text, which may have lost its encoding. */
  readonly content: string | undefined;
  readonly fileName: string | undefined;
  readonly timezone: string;
  readonly msdbConnection: string;
  readonly stepsConnection: string;
}

/** Asks what would be made of it, or makes it. */
export function askSource(
  given: SourceGiven,
  how: { readonly state: TakenAs; readonly job_ids?: readonly string[]; readonly dry_run: boolean },
): Promise<SourceReply> {
  const { source, text, content, timezone, msdbConnection, stepsConnection } = given;
  const isAgent = source === 'sql-agent';
  const from =
    isAgent && msdbConnection !== ''
      ? { connection_id: msdbConnection }
      : content === undefined
        ? { text }
        : { content_base64: content };
  return api.jobs.importFrom({
    params: { source },
    body: {
      ...from,
      ...(isAgent && stepsConnection !== '' ? { steps_connection: stepsConnection } : {}),
      ...(timezone.trim() === '' ? {} : { timezone: timezone.trim() }),
      ...(how.job_ids === undefined ? {} : { job_ids: [...how.job_ids] }),
      state: how.state,
      dry_run: how.dry_run,
    },
  });
}

/** A file byte by byte as base64. */
export function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} can't be read`));
    reader.readAsDataURL(file);
  });
}
