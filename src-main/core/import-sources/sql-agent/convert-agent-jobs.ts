import type { ScheduleSpec } from '../../../../src-shared/model/schedule';
import { zoneOf } from '../../schedule/zone';
import type { Conversion, ConvertedJob } from '../converted-job';
import { agentFireTimes } from './agent-fire-times';
import { type Flow, readFlow } from './agent-flow';
import { agentNotifications } from './agent-notifications';
import { type AgentJob, type AgentSource, numberOf, textOf } from './agent-rows';
import { type AgentSchedule, readAgentSchedule } from './agent-schedule';
import { agentSpecs, mostRules } from './agent-specs';

export interface AgentOptions {
  readonly timezone: string | undefined;
  readonly defaultTimezone: string;
  /** The saved connection T-SQL steps are to use. */
  readonly steps_connection: string | undefined;
}

const mostRetries = 100;

interface Timing {
  readonly specs: readonly ScheduleSpec[];
  readonly timed: readonly AgentSchedule[];
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
  readonly isIncomplete: boolean;
}

function readSchedules(job: AgentJob, timezone: string | undefined): Timing {
  const specs: ScheduleSpec[] = [];
  const timed: AgentSchedule[] = [];
  const maps: string[] = [];
  const unmapped: string[] = [];
  let isIncomplete = false;
  for (const row of job.schedules) {
    const schedule = readAgentSchedule(row);
    const name = textOf(row, 'name') || textOf(row, 'schedule_name');
    const label = `Schedule "${name}"`;
    const lose = (why: string) => {
      unmapped.push(`${label} ${why}`);
      isIncomplete = true;
    };
    if (typeof schedule === 'string') {
      lose(schedule);
      continue;
    }
    if (!schedule.isEnabled) {
      unmapped.push(`${label} is disabled there; left out`);
      continue;
    }
    const made = agentSpecs(schedule, timezone);
    if (schedule.type < 64) timed.push(schedule);
    if (typeof made === 'string') lose(made);
    else if (specs.length + made.specs.length > mostRules)
      lose(`would be more than ${mostRules} rules with the others`);
    else {
      specs.push(...made.specs);
      maps.push(
        `${label}: ${made.specs.length === 1 ? 'a schedule' : `${made.specs.length} schedules`} of type ${made.specs[0]?.type ?? ''}`,
      );
      if (made.remark !== undefined) unmapped.push(`${label}: ${made.remark}`);
    }
  }
  return { specs, timed, maps, unmapped, isIncomplete };
}

/** Agent tries a step again, a job here is tried again as a whole. */
function retries(job: AgentJob, { steps }: Flow) {
  const rows = new Map(job.steps.map((row) => [numberOf(row, 'step_id', 1), row]));
  const wanted = steps.flatMap(({ id, label }) => {
    const attempts = numberOf(rows.get(id) ?? {}, 'retry_attempts', 0);
    const minutes = numberOf(rows.get(id) ?? {}, 'retry_interval', 0);
    return attempts > 0 ? [{ label, attempts, minutes }] : [];
  });
  const [only] = wanted;
  if (!only) return { keys: { max_retries: 0 }, maps: [], unmapped: [] };
  if (steps.length === 1) {
    const max_retries = Math.min(only.attempts, mostRetries);
    return {
      keys: { max_retries, retry_delay: Math.min(only.minutes * 60, 604_800) },
      maps: [`Retries of its step: max_retries ${max_retries}, retry_delay ${only.minutes * 60}`],
      unmapped:
        only.attempts > mostRetries
          ? [`It is tried ${only.attempts} times more; a job has at most ${mostRetries} retries`]
          : [],
    };
  }
  return {
    keys: { max_retries: 0 },
    maps: [],
    unmapped: wanted.map(
      ({ label, attempts, minutes }) =>
        `${label} is tried ${attempts} times more, every ${minutes} minutes; a job here is tried again as a whole, from its first step: max_retries is 0`,
    ),
  };
}

function definitionOf({ steps }: Flow): Pick<ConvertedJob['definition'], 'job_type' | 'config'> {
  const [only] = steps;
  if (!only) return { job_type: 'command', config: { command: 'nothing-to-run' } };
  if (steps.length === 1 && !only.goesOn) return { job_type: only.job_type, config: only.config };
  return {
    job_type: 'steps',
    config: {
      steps: steps.map(({ name, job_type, config, goesOn }) => ({
        name,
        type: job_type,
        ...(goesOn ? { on_failure: 'continue' } : {}),
        ...config,
      })),
    },
  };
}

/** What a job has besides steps and schedules that has no counterpart here. */
function besides({ row, hasServer }: AgentJob): string[] {
  const remarks: string[] = [];
  const owner = textOf(row, 'owner_login_name');
  if (owner !== '')
    remarks.push(`Its owner is ${owner}; here a job runs as the scheduler does, or as run_as says`);
  if (numberOf(row, 'delete_level', 0) !== 0) remarks.push('It is deleted once it has run; a job here stays');
  if (!hasServer) remarks.push('It is given to no server (sp_add_jobserver): there it never runs');
  return remarks;
}

function convertJob(job: AgentJob, source: AgentSource, options: AgentOptions): ConvertedJob {
  const zone = options.timezone ?? options.defaultTimezone;
  const flow = readFlow(job.steps, numberOf(job.row, 'start_step_id', 1), {
    connection_id: options.steps_connection,
  });
  const timing = readSchedules(job, options.timezone);
  const again = retries(job, flow);
  const told = agentNotifications(job.row, source.operators);
  const description = textOf(job.row, 'description').trim();
  const isDescribed = description !== '' && description !== 'No description available.';
  const category = textOf(job.row, 'category_name');
  const isTagged = category !== '' && !category.startsWith('[') && category.length <= 50;
  return {
    name: job.name,
    wantedId: job.name,
    sourceKey: job.name,
    place: job.line === undefined ? 'msdb' : `line ${job.line}`,
    isEnabledThere: numberOf(job.row, 'enabled', 1) !== 0,
    isIncomplete: flow.isIncomplete || timing.isIncomplete || flow.steps.length === 0,
    maps: [
      ...timing.maps,
      ...flow.maps,
      ...flow.steps.flatMap(({ maps }) => maps),
      ...again.maps,
      ...told.maps,
      ...(isTagged ? [`Category ${category}: a tag`] : []),
      'Agent never runs a job twice at a time: overlap skip',
      'Agent never catches up what it missed: misfire_grace_time 60',
      'Agent ends nothing: timeout 0',
    ],
    unmapped: [
      ...(flow.steps.length === 0 ? ['It has no steps; the command is a placeholder'] : []),
      ...timing.unmapped,
      ...flow.unmapped,
      ...flow.steps.flatMap(({ unmapped }) => unmapped),
      ...again.unmapped,
      ...told.unmapped,
      ...besides(job),
    ],
    timezone: zone,
    fireTimes: timing.timed.length === 0 ? undefined : agentFireTimes(timing.timed, zoneOf(zone)),
    definition: {
      ...definitionOf(flow),
      ...(isDescribed ? { description: description.slice(0, 4000) } : {}),
      ...(isTagged ? { tags: [category] } : {}),
      ...(timing.specs.length === 0
        ? {}
        : { schedule: timing.specs.length === 1 ? timing.specs[0] : [...timing.specs] }),
      ...(told.notifications === undefined ? {} : { notifications: told.notifications }),
      ...again.keys,
      timeout: 0,
      max_instances: 1,
      overlap: 'skip',
      misfire_grace_time: 60,
    },
  };
}

/** Jobs of SQL Server Agent, from a script or out of msdb. */
export function convertAgentJobs(source: AgentSource, options: AgentOptions): Conversion {
  return {
    jobs: source.jobs.map((job) => convertJob(job, source, options)),
    leftOut: [],
    notes: [
      `Times are in ${options.timezone ?? options.defaultTimezone}: Agent goes by the clock of its server`,
      'At a clock change the proof assumes what was seen of Agent: a time that is skipped is due when the clock has jumped, an hour that comes twice is served once',
      ...source.notes,
    ],
  };
}
