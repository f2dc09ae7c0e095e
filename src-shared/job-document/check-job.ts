import type { z } from 'zod';
import { checkMacros, type MacroHints, macroRules } from '../macros/check-macros';
import { paramIssues } from '../macros/param-values';
import type { Issue } from '../model/issue';
import { CommonJob, commonJobKeys, type JobDefinition } from '../model/job';
import { JobParams } from '../model/params';
import type { Schedule } from '../model/schedule';
import { type ChainKeys, chainIssues } from './check-chains';
import { checkExclusions } from './check-exclusions';
import { checkNotifications, type KnownTargets } from './check-notifications';
import { checkSchedule } from './check-schedule';
import {
  type Collector,
  createCollector,
  type Dict,
  isDict,
  type LocatedIssue,
  type Path,
  stepsOf,
} from './issue-collector';
import { toApiKey, yamlToApi } from './job-keys';
import { nearest } from './nearest';
import { parseLeniently } from './parse-leniently';
import { issuesInWords, shownValue } from './zod-words';

/** What a job type tells the document about itself; a JobType of the core is one. */
export interface DocumentJobType extends MacroHints {
  readonly configSchema: z.ZodType;
  advise?(config: unknown): Issue[];
}

/** What a document may refer to; absent where only the document itself is known. */
export interface DocumentSurroundings {
  hasSecret(name: string): boolean;
  /** Ids of the holiday sets there are. */
  calendars?(): Iterable<string>;
  /** Ids of the jobs that follow a job; undefined when there is no such job. */
  chainsOf?(job_id: string): readonly string[] | undefined;
  /** Ids of the saved connections there are. */
  connections?(): Iterable<string>;
  /** Whether a schedule has a run that is still to come. */
  hasRunAhead?(schedule: Schedule): boolean;
  readonly targets?: KnownTargets;
  /** Where the jobs run: `win32`, `linux`, ... */
  readonly platform?: string;
}
export type DocumentJobTypes = ReadonlyMap<string, DocumentJobType> & {
  readonly surroundings?: DocumentSurroundings;
};

export interface CheckedDefinition {
  readonly definition: JobDefinition | undefined;
  readonly issues: readonly LocatedIssue[];
}

/** Made once: zod compiles a schema the first time it is used, which costs more than checking a job. */
const CommonWithoutSchedule = CommonJob.omit({ schedule: true });

/** One job's keys by their API names; says so when both names are given and differ. */
function withApiKeys(value: Dict, collect: Collector): Dict {
  const result: Dict = {};
  for (const [key, child] of Object.entries(value)) {
    const name = toApiKey(key);
    if (name in result && result[name] !== child) {
      collect.add(
        [key],
        `both ${Object.keys(yamlToApi).find((short) => toApiKey(short) === name)} and ${name} are given, and they differ`,
      );
    }
    result[name] = child;
  }
  return result;
}

/** `slack: #channel` is a comment in YAML, so the value is empty. */
function mendNotifications(value: unknown, collect: Collector): unknown {
  if (!isDict(value)) return value;
  const mended: Dict = { ...value };
  for (const [event, list] of Object.entries(value)) {
    if (!Array.isArray(list)) continue;
    mended[event] = list.filter((recipient, index) => {
      if (!isDict(recipient)) return true;
      const [entry] = Object.entries(recipient);
      if (!entry || entry[1] !== null) return true;
      const [channel] = entry;
      collect.add(
        ['notifications', event, index, channel],
        `${channel} is empty: in YAML "#" begins a comment; quote it, e.g. ${channel}: "#alerts-channel". Nothing will be sent there`,
        'warning',
      );
      return false;
    });
  }
  return mended;
}

/**
 * Checks one job, from whatever source, whole: shared keys, schedule, the type's own keys, the type's advice.
 * All issues are found, not only the first. `prefix` is where the job stands in its document.
 */
export function checkJob(value: unknown, jobTypes: DocumentJobTypes, prefix: Path = []): CheckedDefinition {
  const collect = createCollector(prefix);
  const done = (definition?: JobDefinition): CheckedDefinition => ({
    definition: collect.hasErrors ? undefined : definition,
    issues: name(collect.issues, isDict(value) ? (value.id ?? value.job_id) : undefined),
  });
  if (!isDict(value)) {
    collect.add(
      [],
      `the job is ${shownValue(value)}; expected a mapping of keys${Array.isArray(value) ? ' (a list of jobs stands under "jobs:")' : ''}`,
    );
    return done();
  }
  const job = withApiKeys(value, collect);
  job.job_id = typeof job.job_id === 'number' ? String(job.job_id) : job.job_id;
  job.name ??= job.job_id;
  if (typeof job.name === 'number') job.name = String(job.name);
  const { schedule: writtenSchedule, notifications, ...rest } = job;
  const common: Dict = {};
  const config: Dict = {};
  for (const [key, child] of Object.entries(rest)) (commonJobKeys.has(key) ? common : config)[key] = child;
  if (notifications !== undefined && notifications !== null)
    common.notifications = mendNotifications(notifications, collect);
  if (typeof common.exclude === 'string') common.exclude = [common.exclude];
  const { result } = parseLeniently(CommonWithoutSchedule, dropEmpty(common), collect);
  for (const { path, issue } of issuesInWords(
    result.error?.issues ?? [],
    common,
    [],
    CommonWithoutSchedule,
  )) {
    const isTypeMissing = path[0] === 'job_type' && job.job_type === undefined;
    const types = [...jobTypes.keys()].join(', ');
    collect.add(path, isTypeMissing ? `job_type is missing; expected one of ${types}` : issue.message);
  }

  const schedule =
    writtenSchedule === undefined || writtenSchedule === null
      ? undefined
      : checkSchedule(writtenSchedule, collect);

  if (schedule && jobTypes.surroundings?.hasRunAhead?.(schedule) === false)
    collect.add(
      ['schedule'],
      'schedule has no run that is still to come: all its dates have passed, so it runs only by hand',
      'warning',
    );
  if (result.success) {
    const { calendars } = jobTypes.surroundings ?? {};
    const known = calendars && (() => calendars());
    for (const one of checkExclusions(result.data as Partial<CommonJob>, schedule, known)) {
      collect.add(one.path, one.message, one.severity);
    }
    const { notifications: told } = result.data as Partial<CommonJob>;
    const { must_finish_by } = result.data as Partial<CommonJob>;
    if (must_finish_by != null && schedule === undefined)
      collect.add(
        ['must_finish_by'],
        'must_finish_by is about planned runs, and this job has no schedule; nothing will be watched',
        'warning',
      );
    for (const one of checkNotifications(told, jobTypes.surroundings?.targets))
      collect.add(one.path, one.message, one.severity);
  }

  const typeName = String(job.job_type ?? '');
  const type = jobTypes.get(typeName);
  if (!type) {
    if (job.job_type !== undefined) {
      const names = [...jobTypes.keys()];
      const meant = nearest(typeName, names);
      const hint = meant ? ` (did you mean "${meant}"?)` : '';
      collect.add(
        ['job_type'],
        `type is ${shownValue(job.job_type)}; expected one of ${names.join(', ')}${hint}`,
      );
    }
    return done();
  }
  const checked = parseLeniently(type.configSchema, dropEmpty(config), collect);
  const misread = checked.result.error?.issues ?? [];
  for (const { path, issue } of issuesInWords(misread, checked.value, [], type.configSchema, [
    ...commonJobKeys,
  ])) {
    const isZone = path.length === 1 && /^time_?zone$/i.test(String(path[0]));
    collect.add(path, isZone ? `${issue.message}; the zone of a job stands in its schedule` : issue.message);
  }
  if (checked.result.success) {
    const missing = missingConnection(config, jobTypes.surroundings);
    if (missing !== undefined) collect.add(['connection', 'connection_id'], missing, 'warning');
    for (const advice of type.advise?.(checked.result.data) ?? []) {
      collect.add(stepsOf(advice.path), advice.message, advice.severity);
    }
  }
  const params = JobParams.safeParse(common.params ?? {});
  const surroundings = jobTypes.surroundings;
  const rules = macroRules(type, config);
  const { run_as, run_as_password } = common;
  const hasPassword = run_as_password !== undefined;
  if (hasPassword && run_as === undefined)
    collect.add(['run_as_password'], 'run_as_password has no run_as: whose password is it?', 'error');
  else if (hasPassword && surroundings?.platform !== undefined && surroundings.platform !== 'win32')
    collect.add(
      ['run_as_password'],
      'run_as_password is used on Windows only; on this system run_as needs root or a sudo rule, and no password',
      'warning',
    );
  for (const { path, message, severity } of checkMacros(
    hasPassword ? { ...config, run_as_password } : config,
    hasPassword ? { ...rules, secretKeys: [...rules.secretKeys, 'run_as_password'] } : rules,
    params.data ?? {},
    surroundings && ((name) => surroundings.hasSecret(name)),
  )) {
    // Params that can't be read have been told of; a macro that names one is no second mistake.
    if (params.success || !message.includes('{{ params.')) collect.add(path, message, severity);
  }
  if (result.success) {
    const job_id = String(common.job_id);
    for (const issue of chainIssues(job_id, result.data as ChainKeys, surroundings?.chainsOf))
      collect.add(stepsOf(issue.path), issue.message, issue.severity);
  }
  for (const issue of paramIssues(params.data ?? {}, schedule !== undefined)) {
    collect.add(stepsOf(issue.path), issue.message, issue.severity);
  }
  if (!result.success) return done();
  const shared = result.data as Omit<JobDefinition, 'schedule' | 'config'>;
  return done({ ...shared, ...(schedule ? { schedule } : {}), config: checked.value as Dict });
}

/** A key without a value says nothing, as in the Python program. misfire_grace_time: null means "never too late". */
function dropEmpty(value: Dict): Dict {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, child]) => child !== undefined && (child !== null || key === 'misfire_grace_time'),
    ),
  );
}

/** The saved connection that a job names may come after it: a warning. Macros are filled when it runs. */
function missingConnection(
  { connection }: Dict,
  surroundings: DocumentSurroundings | undefined,
): string | undefined {
  const known = surroundings?.connections && [...surroundings.connections()];
  const wanted = isDict(connection) ? connection.connection_id : undefined;
  if (!known || typeof wanted !== 'string' || wanted.includes('{{') || known.includes(wanted))
    return undefined;
  const meant = nearest(wanted, known);
  const hint = meant ? ` (did you mean "${meant}"?)` : known.length === 0 ? ' (there are none yet)' : '';
  return `connection.connection_id is "${wanted}"; there is no such saved connection: the job fails until there is${hint}`;
}

/** Every message names its job: lists of issues mix many. */
function name(issues: readonly LocatedIssue[], id: unknown): LocatedIssue[] {
  if (typeof id !== 'string' && typeof id !== 'number') return [...issues];
  return issues.map(({ path, issue }) => ({
    path,
    issue: { ...issue, message: `Job "${String(id).slice(0, 60)}": ${issue.message}` },
  }));
}
