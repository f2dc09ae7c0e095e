import { AppError } from '../../../../src-shared/errors';
import type { AgentJob, AgentRow, AgentSource, AgentValue } from './agent-rows';
import { createTokenReader, type TokenReader } from './token-reader';
import { tokensOf } from './tsql-tokens';

/** The order of arguments given without their names; more than these nobody writes so. */
const positions: Readonly<Record<string, readonly string[]>> = {
  sp_add_job: ['job_name', 'enabled', 'description', 'start_step_id'],
  sp_add_jobstep: ['job_id', 'job_name', 'step_id', 'step_name', 'subsystem', 'command'],
  sp_add_jobschedule: ['job_id', 'job_name', 'name', 'enabled', 'freq_type', 'freq_interval'],
  sp_add_schedule: ['schedule_name', 'enabled', 'freq_type', 'freq_interval'],
  sp_attach_schedule: ['job_id', 'job_name', 'schedule_id', 'schedule_name'],
  sp_update_job: ['job_id', 'job_name', 'new_name', 'enabled', 'description', 'start_step_id'],
  sp_add_jobserver: ['job_id', 'job_name', 'server_name'],
  sp_add_operator: ['name', 'enabled', 'email_address'],
};

/** Arguments that hold what the server made up; a script can't have them as constants. */
const made = new Set(['job_id', 'schedule_id', 'schedule_uid', 'step_uid', 'id']);

interface Growing extends AgentJob {
  row: AgentRow;
  hasServer: boolean;
  readonly steps: AgentRow[];
  readonly schedules: AgentRow[];
}

interface Call {
  readonly procedure: string;
  readonly row: AgentRow;
  readonly line: number;
  /** Variables that get what the server makes up, by the argument they stand at. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** One `EXEC` and its arguments; the reader stands behind the word EXEC. Undefined for another procedure. */
function readCall(
  reader: TokenReader,
  variables: ReadonlyMap<string, AgentValue>,
  line: number,
  note: (text: string) => void,
): Call | undefined {
  if (reader.peek()?.kind === 'variable' && reader.isMark('=', 1)) reader.skip(2);
  let procedure = '';
  while (reader.peek()?.kind === 'word') {
    procedure = reader.peek()?.text.toLowerCase() ?? '';
    reader.skip(1);
    while (reader.isMark('.')) reader.skip(1);
    if (procedure.startsWith('sp_')) break;
  }
  const names = positions[procedure];
  if (!names) return undefined;
  const row: Record<string, AgentValue> = {};
  const outputs = new Map<string, string>();
  for (let position = 0; ; position += 1) {
    let key = names[position];
    if (reader.peek()?.kind === 'variable' && reader.isMark('=', 1)) {
      key = reader.peek()?.text.slice(1).toLowerCase();
      reader.skip(2);
    } else if (!['text', 'number', 'variable'].includes(reader.peek()?.kind ?? '')) break;
    const begin = reader.peek();
    const value = reader.value(variables);
    if (
      key !== undefined &&
      begin?.kind === 'variable' &&
      (reader.isWord('output') || reader.isWord('out'))
    ) {
      reader.skip(1);
      outputs.set(key, begin.text.toLowerCase());
    } else if (key !== undefined && value !== undefined) row[key] = value;
    else if (key !== undefined && !made.has(key))
      note(
        `line ${begin?.line ?? line}: @${key} is "${begin?.text ?? ''}", which is no constant; it is left out`,
      );
    if (!reader.isMark(',')) break;
    reader.skip(1);
  }
  return { procedure, row, line, outputs };
}

/** Takes calls one by one and puts jobs together. */
function createJobBuilder(variables: Map<string, AgentValue>, note: (text: string) => void) {
  const jobs: Growing[] = [];
  const schedules: AgentRow[] = [];
  const operators = new Map<string, string>();

  const jobOf = ({ job_name, job_id }: AgentRow): Growing | undefined => {
    const byId = /^job (\d+)$/.exec(String(job_id ?? ''))?.[1];
    if (byId !== undefined) return jobs[Number(byId)];
    if (typeof job_name === 'string')
      return jobs.findLast(({ name }) => name.toLowerCase() === job_name.toLowerCase());
    // An id that the script can't know is that of the job it is busy with.
    return jobs.at(-1);
  };
  const scheduleOf = ({ schedule_id, schedule_name }: AgentRow): AgentRow | undefined => {
    const byId = /^schedule (\d+)$/.exec(String(schedule_id ?? ''))?.[1];
    if (byId !== undefined) return schedules[Number(byId)];
    return schedules.findLast((one) => schedule_name !== undefined && one.name === schedule_name);
  };
  const give = ({ outputs }: Call, key: string, value: string) => {
    const variable = outputs.get(key);
    if (variable !== undefined) variables.set(variable, value);
  };

  const take = (call: Call) => {
    const { procedure, row, line } = call;
    const job =
      procedure === 'sp_add_job' || !('job_id' in row || 'job_name' in row) ? jobs.at(-1) : jobOf(row);
    switch (procedure) {
      case 'sp_add_job': {
        const name = row.job_name;
        if (typeof name !== 'string' || name === '')
          throw new AppError(
            'validation_failed',
            `line ${line}: sp_add_job without a @job_name that is a constant`,
          );
        give(call, 'job_id', `job ${jobs.length}`);
        jobs.push({ name, line, row, steps: [], schedules: [], hasServer: false });
        return;
      }
      case 'sp_add_schedule':
        give(call, 'schedule_id', `schedule ${schedules.length}`);
        schedules.push({ ...row, name: row.schedule_name ?? null });
        return;
      case 'sp_add_operator': {
        const { name, email_address } = row;
        if (typeof name === 'string' && typeof email_address === 'string')
          operators.set(name.toLowerCase(), email_address);
        return;
      }
    }
    if (!job) {
      note(`line ${line}: ${procedure} for a job that this script does not add; left out`);
      return;
    }
    switch (procedure) {
      case 'sp_update_job':
        job.row = { ...job.row, ...row };
        return;
      case 'sp_add_jobstep':
        job.steps.push({ step_id: job.steps.length + 1, ...row });
        return;
      case 'sp_add_jobserver':
        job.hasServer = true;
        return;
      case 'sp_add_jobschedule':
        job.schedules.push(row);
        return;
      case 'sp_attach_schedule': {
        const schedule = scheduleOf(row);
        if (schedule) job.schedules.push(schedule);
        else
          note(
            `line ${line}: the schedule "${textOf(row)}" is not in this script; the job "${job.name}" comes without it`,
          );
      }
    }
  };
  const textOf = ({ schedule_name, schedule_id }: AgentRow) =>
    String(schedule_name ?? schedule_id ?? 'unknown');
  return { take, jobs, operators };
}

/**
 * The jobs that a script as SSMS writes it would make: calls of sp_add_job, sp_add_jobstep, sp_add_jobschedule,
 * sp_add_schedule, sp_attach_schedule, sp_update_job, sp_add_jobserver and sp_add_operator, with constants and
 * variables set to constants. Nothing is run, and conditions are not looked at. Throws `validation_failed`.
 */
export function readAgentScript(sql: string): AgentSource {
  const reader = createTokenReader(tokensOf(sql));
  const variables = new Map<string, AgentValue>();
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const builder = createJobBuilder(variables, note);

  for (let token = reader.peek(); token; token = reader.peek()) {
    const isSet = (reader.isWord('set') || reader.isWord('select')) && reader.peek(1)?.kind === 'variable';
    if (isSet && reader.isMark('=', 2)) {
      const name = reader.peek(1)?.text.toLowerCase() ?? '';
      reader.skip(3);
      const value = reader.value(variables);
      if (value === undefined) variables.delete(name);
      else variables.set(name, value);
    } else if (reader.isWord('declare')) {
      reader.skip(1);
      reader.declaration(variables);
    } else if (reader.isWord('exec') || reader.isWord('execute')) {
      reader.skip(1);
      const call = readCall(reader, variables, token.line, note);
      if (call) builder.take(call);
    } else reader.skip(1);
  }
  if (builder.jobs.length === 0)
    throw new AppError(
      'validation_failed',
      'The script adds no job; expected calls of msdb.dbo.sp_add_job, as "Script Job as > CREATE To" of SSMS writes them',
    );
  return { jobs: builder.jobs, operators: builder.operators, notes };
}
