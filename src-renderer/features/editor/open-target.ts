import { AppError } from '../../../src-shared/errors';
import type { JobDetail } from '../../../src-shared/model/job';
import { api } from '../../lib/api';
import type { JobTypeInfo } from './document/read-job-text';
import { shownText } from './document/shown-text';
import { duplicateOf, emptyJob, fromTemplate } from './document/start-text';

/** What the page is about: a saved job, or a new one from somewhere. */
export interface Target {
  readonly job_id?: string;
  readonly template?: string;
  readonly copy?: string;
}

/** All that the editor begins with. */
export interface Opened {
  readonly types: readonly JobTypeInfo[];
  /** The saved job; undefined for a new one. */
  readonly job: JobDetail | undefined;
  readonly text: string;
  /** What a new job was made of, in words. */
  readonly origin?: string;
}

async function idIsTaken(job_ids: readonly string[]): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for (const job_id of job_ids) {
    await api.jobs.get({ params: { job_id } }).then(
      () => taken.add(job_id),
      () => undefined,
    );
  }
  return taken;
}

/** Reads what the address asks for. Throws `not_found` for a job or template that is not there. */
export async function openTarget({ job_id, template, copy }: Target): Promise<Opened> {
  const types = (await api.jobs.types({})).job_types;
  if (job_id !== undefined) {
    const { job } = await api.jobs.get({ params: { job_id } });
    return { types, job, text: shownText(job) };
  }
  if (copy) {
    const { job } = await api.jobs.get({ params: { job_id: copy } });
    const taken = await idIsTaken([`${copy}_copy`, `${copy}_copy_2`]);
    const text = duplicateOf(shownText(job), (id) => taken.has(id));
    return {
      types,
      job: undefined,
      text,
      origin: `A duplicate of ${job.name}, switched off until you enable it`,
    };
  }
  if (template) {
    const { templates } = await api.jobs.templates({});
    const found = templates.find(({ name }) => name === template);
    if (!found) throw new AppError('not_found', `There is no template "${template}"`);
    return {
      types,
      job: undefined,
      text: fromTemplate(found.yaml),
      origin: `From the template ${found.title}`,
    };
  }
  return { types, job: undefined, text: emptyJob };
}
