import type { Issue } from '../model/issue';
import type { JobDefinition } from '../model/job';
import { chainsInFile } from './check-chains';
import { type CheckedDefinition, checkJob, type DocumentJobTypes } from './check-job';
import { formatJobDocument } from './format';
import type { LocatedIssue, Path } from './issue-collector';
import { toApiKey, toYamlKey } from './job-keys';
import { cutJobTexts } from './job-text';
import { nearest } from './nearest';
import { readYaml, type YamlReading } from './read-yaml';
import { nodeAt } from './yaml-tree';
import { shownValue } from './zod-words';

/** A file of 10,000 jobs is about 4 MB. */
const fileLimit = 10 * 1024 * 1024;
const jobLimit = 1024 * 1024;

export interface ParsedJob {
  /** Absent when the job can't be used; its issues say why. */
  readonly definition: JobDefinition | undefined;
  readonly job_id: string | undefined;
  /** The job as a document of its own, with the author's comments. */
  readonly text: string;
  /** First line of the job in the file, from 1. */
  readonly line: number;
}

export interface ParsedFile {
  readonly jobs: readonly ParsedJob[];
  /** Of the file and of all its jobs, with line and column. */
  readonly issues: readonly Issue[];
}

export interface ParsedDocument {
  readonly definition: JobDefinition | undefined;
  readonly issues: readonly Issue[];
}

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds line and column. The path speaks the API's names; the text may have either. */
function place(reading: YamlReading, { path, issue }: LocatedIssue): Issue {
  const spellings: Path[] = [
    path,
    path.map((step) => (typeof step === 'string' ? toYamlKey(step) : step)),
    path.map((step) => (typeof step === 'string' ? toApiKey(step) : step)),
  ];
  const nodes = spellings.map((spelling) => nodeAt(reading.root, spelling));
  // The deepest node found is the nearest place to point at.
  const node = nodes.reduce((best, one) => ((one?.start ?? -1) > (best?.start ?? -1) ? one : best), nodes[0]);
  const isUnknownKey = issue.message.includes('unknown key');
  const offset = isUnknownKey ? (node?.keyStart ?? node?.start ?? 0) : (node?.start ?? 0);
  const { line, column } = reading.lines.at(offset);
  return { ...issue, message: `${issue.message} (line ${line})`, line, column };
}

function readsAs(text: string, value: unknown): boolean {
  const again = readYaml(text, fileLimit);
  return again.issues.length === 0 && JSON.stringify(again.value) === JSON.stringify(value);
}

/** Top-level keys of a jobs file that mean something. */
const fileKeys = ['version', 'metadata', 'jobs'];

function checkFile(value: Dict): LocatedIssue[] {
  const found: LocatedIssue[] = [];
  for (const key of Object.keys(value)) {
    if (fileKeys.includes(key)) continue;
    const meant = nearest(key, fileKeys);
    const message = `unknown key "${key}" is ignored${meant ? `; did you mean "${meant}"?` : `; expected ${fileKeys.join(', ')}`}`;
    found.push({ path: [key], issue: { path: key, message, severity: 'warning' } });
  }
  const version = value.version === undefined ? '2.0' : String(value.version);
  if (!/^2(\.\d+)?$/.test(version)) {
    const message = `version is ${shownValue(value.version)}; expected '2.0', read as such`;
    found.push({ path: ['version'], issue: { path: 'version', message, severity: 'warning' } });
  }
  return found;
}

/** The jobs of one file see one another. */
function besideEachOther(jobs: readonly unknown[], jobTypes: DocumentJobTypes): DocumentJobTypes {
  const { surroundings } = jobTypes;
  const known = surroundings?.chainsOf;
  if (!surroundings || !known) return jobTypes;
  const here = chainsInFile(jobs);
  return Object.assign(new Map(jobTypes), {
    surroundings: { ...surroundings, chainsOf: (job_id: string) => here.get(job_id) ?? known(job_id) },
  });
}

/**
 * Reads a jobs file (`version`, `metadata`, `jobs`). A job that can't be used is reported with line and column
 * while all others load; a text that is no YAML is one issue and no jobs. Never throws.
 */
export function parseJobsFile(source: string, jobTypes: DocumentJobTypes): ParsedFile {
  const reading = readYaml(source, fileLimit);
  if (reading.issues.length > 0) return { jobs: [], issues: reading.issues };
  const { value } = reading;
  const refuse = (message: string): ParsedFile => ({
    jobs: [],
    issues: [{ path: '', message, severity: 'error', line: 1, column: 1 }],
  });
  if (value === null || value === undefined) return { jobs: [], issues: [] };
  if (!isDict(value)) return refuse(`The file is ${shownValue(value)}; expected version, metadata and jobs`);
  if (value.jobs === undefined || value.jobs === null) {
    const hint = 'id' in value || 'job_id' in value ? '; this looks like a single job' : '';
    return 'jobs' in value ? { jobs: [], issues: [] } : refuse(`The file has no "jobs" list${hint}`);
  }
  if (!Array.isArray(value.jobs)) return refuse(`jobs is ${shownValue(value.jobs)}; expected a list`);

  const issues = checkFile(value).map((one) => place(reading, one));
  const list = nodeAt(reading.root, ['jobs']);
  const texts = list ? cutJobTexts(list, reading.lines) : [];
  const seen = new Map<string, number>();
  const types = besideEachOther(value.jobs, jobTypes);
  const jobs = value.jobs.map((job: unknown, index): ParsedJob => {
    const checked = checkJob(job, types, ['jobs', index]);
    const node = nodeAt(reading.root, ['jobs', index]);
    const { line } = reading.lines.at(node?.start ?? 0);
    const found = [...checked.issues];
    let { definition } = checked;
    if (definition) {
      const earlier = seen.get(definition.job_id.toLowerCase());
      if (earlier !== undefined) {
        const message = `Job "${definition.job_id}": this id was used before, on line ${earlier}`;
        found.push({
          path: ['jobs', index, 'id'],
          issue: { path: `jobs[${index}].id`, message, severity: 'error' },
        });
        definition = undefined;
      } else seen.set(definition.job_id.toLowerCase(), line);
    }
    issues.push(...found.map((one) => place(reading, one)));
    const id = isDict(job) ? (job.id ?? job.job_id) : undefined;
    const cut = texts[index]?.text;
    const text = definition ? (cut && readsAs(cut, job) ? cut : formatJobDocument(definition)) : (cut ?? '');
    return { definition, job_id: id === undefined ? undefined : String(id), text, line };
  });
  return { jobs, issues };
}

/** Reads one job as a document; a file with exactly one job is one too. Never throws. */
export function parseJobDocument(source: string, jobTypes: DocumentJobTypes): ParsedDocument {
  const reading = readYaml(source, jobLimit);
  if (reading.issues.length > 0) return { definition: undefined, issues: reading.issues };
  const { value } = reading;
  const isFile = isDict(value) && Array.isArray(value.jobs) && !('id' in value) && !('job_id' in value);
  if (isFile && Array.isArray(value.jobs) && value.jobs.length !== 1) {
    const message = `The text holds ${value.jobs.length} jobs; expected one (a file of several goes to import)`;
    return {
      definition: undefined,
      issues: [{ path: 'jobs', message, severity: 'error', line: 1, column: 1 }],
    };
  }
  const checked: CheckedDefinition = isFile
    ? checkJob((value.jobs as unknown[])[0], jobTypes, ['jobs', 0])
    : checkJob(value, jobTypes);
  return { definition: checked.definition, issues: checked.issues.map((one) => place(reading, one)) };
}

/** Checks a job given as JSON, by API or YAML names. Issues have paths but no places. */
export function definitionFromJson(value: unknown, jobTypes: DocumentJobTypes): ParsedDocument {
  const { definition, issues } = checkJob(value, jobTypes);
  return { definition, issues: issues.map(({ issue }) => issue) };
}
