import { z } from 'zod';
import { type DocumentJobTypes, parseJobDocument } from '../../../../src-shared/job-document';
import { readYaml } from '../../../../src-shared/job-document/read-yaml';
import type { YamlNode } from '../../../../src-shared/job-document/yaml-tree';
import type { Issue } from '../../../../src-shared/model/issue';
import { Schedule } from '../../../../src-shared/model/schedule';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';

/** What the program tells about a job type (`GET /api/job-types`). */
export interface JobTypeInfo {
  readonly type: string;
  readonly label: string;
  readonly schema: unknown;
  readonly editor: { readonly code: Readonly<Record<string, string>>; readonly primary: readonly string[] };
}

export type Dict = Readonly<Record<string, unknown>>;
export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All that the window itself knows of a text, by the parser that the program uses. */
export interface JobReading {
  /** The job's mapping; undefined while the text is no YAML or no mapping. */
  readonly job: Dict | undefined;
  /** Where the job stands: [], or ['jobs', 0] in a file of one job. */
  readonly base: readonly (string | number)[];
  readonly root: YamlNode | undefined;
  /** The text is no YAML at the moment: nothing but the text can be edited. */
  readonly isBroken: boolean;
  readonly type: string;
  readonly schedule: Schedule | undefined;
  /** Of the keys that all types share, the schedule and the macros; the types' own are the program's to check. */
  readonly issues: readonly Issue[];
}

const jobLimit = 1024 * 1024;

/** The types as far as the window knows them: any key of their own is taken until the program has looked. */
export function looseTypes(types: readonly JobTypeInfo[]): DocumentJobTypes {
  return new Map(
    types.map(({ type, editor }) => [
      type,
      { configSchema: z.looseObject({}), editor: { code: editor.code } },
    ]),
  );
}

function scheduleOf(job: Dict | undefined): Schedule | undefined {
  const parsed = Schedule.safeParse(job?.schedule);
  if (!parsed.success) return undefined;
  return parseSchedule(parsed.data, 'schedule').parsed ? parsed.data : undefined;
}

/** Reads a text as far as it goes. Never throws; takes a few milliseconds for a thousand lines. */
export function readJobText(text: string, types: DocumentJobTypes): JobReading {
  const { value, root, issues: syntax } = readYaml(text, jobLimit);
  const isFile = isDict(value) && Array.isArray(value.jobs) && !('id' in value) && !('job_id' in value);
  const found = isFile ? (value.jobs as unknown[])[0] : value;
  const job = isDict(found) ? found : undefined;
  return {
    job,
    base: isFile ? ['jobs', 0] : [],
    root,
    isBroken: syntax.length > 0,
    type: String(job?.type ?? job?.job_type ?? ''),
    schedule: scheduleOf(job),
    issues: parseJobDocument(text, types).issues,
  };
}
