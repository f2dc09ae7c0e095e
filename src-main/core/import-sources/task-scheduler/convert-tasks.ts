import { AppError } from '../../../../src-shared/errors';
import type { ScheduleSpec } from '../../../../src-shared/model/schedule';
import type { XmlElement, XmlReader } from '../../ports/xml-reader';
import type { Conversion, ConvertedJob } from '../converted-job';
import { windowsCommand } from '../windows-command';
import { taskFireTimes } from './task-fire-times';
import { mostRules, taskSchedule } from './task-schedule';
import { taskSettings } from './task-settings';
import { child, readTrigger, type TaskTrigger, textOf } from './trigger';

export interface TaskOptions {
  readonly timezone: string | undefined;
  readonly defaultTimezone: string;
}

interface Actions {
  readonly definition: Pick<ConvertedJob['definition'], 'job_type' | 'config'>;
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
  readonly isIncomplete: boolean;
}

const foreignActions: Readonly<Record<string, string>> = {
  ComHandler: 'calls a COM object inside Task Scheduler; nothing here can',
  SendEmail: 'sends a mail; use notifications: on_success for that',
  ShowMessage: 'shows a message; use notifications: on_success: [{desktop: true}] for that',
};

function readActions(task: XmlElement): Actions {
  const unmapped: string[] = [];
  const maps: string[] = [];
  const steps: Record<string, unknown>[] = [];
  for (const action of child(task, 'Actions')?.children ?? []) {
    const label = `${action.name} (line ${action.line})`;
    const program = textOf(action, 'Command');
    if (action.name !== 'Exec' || program === undefined) {
      unmapped.push(`${label}: ${foreignActions[action.name] ?? 'names no program'}`);
      continue;
    }
    const folder = textOf(action, 'WorkingDirectory')?.replace(/^"([\s\S]*)"$/, '$1');
    const { config, remarks } = windowsCommand(program, textOf(action, 'Arguments') ?? '');
    unmapped.push(...remarks.map((remark) => `${label}: ${remark}`));
    maps.push(
      `${label}: ${config.shell === true ? 'a line for the shell' : 'the program, its arguments one by one'}`,
    );
    if (folder === undefined)
      unmapped.push(
        `${label}: it begins in System32 there; here in the folder of the jobs file, unless you add working_directory`,
      );
    steps.push({ ...config, ...(folder === undefined ? {} : { working_directory: folder }) });
  }
  const isIncomplete = steps.length === 0 || steps.length < (child(task, 'Actions')?.children.length ?? 0);
  if (steps.length <= 1) {
    const config = steps[0] ?? { command: 'nothing-to-run' };
    if (steps.length === 0)
      unmapped.push('Nothing of what it does could be carried over; the command is a placeholder');
    return { definition: { job_type: 'command', config }, maps, unmapped, isIncomplete };
  }
  maps.push(
    `${steps.length} actions: steps, one after the other; there a later one runs although one before failed: on_failure continue`,
  );
  return {
    definition: {
      job_type: 'steps',
      config: { steps: steps.map((step) => ({ type: 'command', on_failure: 'continue', ...step })) },
    },
    maps,
    unmapped,
    isIncomplete,
  };
}

function convertTask(task: XmlElement, options: TaskOptions): ConvertedJob {
  const info = child(task, 'RegistrationInfo');
  const uri = textOf(info, 'URI');
  const name = uri?.split('\\').filter(Boolean).at(-1);
  const actions = readActions(task);
  const settings = taskSettings(task);
  const maps = [...actions.maps];
  const unmapped = [...actions.unmapped];
  const specs: ScheduleSpec[] = [];
  const timed: TaskTrigger[] = [];
  let isIncomplete = actions.isIncomplete;
  for (const element of child(task, 'Triggers')?.children ?? []) {
    const trigger = readTrigger(element);
    if ('reason' in trigger) {
      unmapped.push(`${trigger.label} ${trigger.reason}`);
      isIncomplete ||= trigger.isLoss;
      continue;
    }
    timed.push(trigger);
    const schedule = taskSchedule(trigger, options.timezone);
    if (typeof schedule === 'string' || specs.length + schedule.specs.length > mostRules) {
      unmapped.push(
        `${trigger.label} ${typeof schedule === 'string' ? schedule : `would be more than ${mostRules} rules with the others`}`,
      );
      isIncomplete = true;
      continue;
    }
    specs.push(...schedule.specs);
    maps.push(
      `${trigger.label}: ${schedule.specs.length === 1 ? 'a schedule' : `${schedule.specs.length} schedules`} of type ${schedule.specs[0]?.type ?? ''}`,
    );
    if (trigger.randomDelay > 0)
      maps.push(`${trigger.label}: RandomDelay is jitter of ${trigger.randomDelay} seconds`);
    if (trigger.repetition?.stops)
      unmapped.push(
        `${trigger.label}: StopAtDurationEnd: what still runs at the end of the repetition is not ended here; timeout ends a run by its own length`,
      );
    const limit = textOf(element, 'ExecutionTimeLimit');
    if (limit !== undefined)
      unmapped.push(
        `${trigger.label}: its own ExecutionTimeLimit ${limit}: a job has one timeout for all its schedules`,
      );
    unmapped.push(...schedule.remarks.map((remark) => `${trigger.label}: ${remark}`));
  }
  const zone = timed[0]?.zone ?? options.timezone ?? options.defaultTimezone;
  const description = textOf(info, 'Description')?.slice(0, 4000);
  const shownName = name ?? description?.split(/\r?\n/)[0]?.slice(0, 80) ?? 'Imported task';
  return {
    name: shownName,
    wantedId: name ?? 'task',
    sourceKey: uri ?? shownName,
    place: uri ?? `line ${task.line}`,
    isEnabledThere: settings.isEnabled,
    isIncomplete,
    maps: [...maps, ...settings.maps],
    unmapped: [...unmapped, ...settings.unmapped],
    timezone: zone,
    fireTimes:
      timed.length === 0 ? undefined : taskFireTimes(timed, options.timezone ?? options.defaultTimezone),
    definition: {
      ...actions.definition,
      ...settings.keys,
      ...(description === undefined ? {} : { description }),
      ...(specs.length === 0 ? {} : { schedule: specs.length === 1 ? specs[0] : specs }),
    },
  };
}

/** Tasks as `Export…`, `schtasks /query /xml` or `/xml ONE` write them. Throws `validation_failed`. */
export function convertTasks(text: string, options: TaskOptions, xml: XmlReader): Conversion {
  const root = xml.read(text);
  const tasks = root.name === 'Task' ? [root] : root.children.filter(({ name }) => name === 'Task');
  if (tasks.length === 0)
    throw new AppError(
      'validation_failed',
      `The root of the XML is <${root.name}> (line ${root.line}); expected <Task> or <Tasks> of Task Scheduler`,
    );
  const versions = [...new Set(tasks.map(({ attributes }) => attributes.version ?? 'none'))];
  const odd = versions.filter((version) => !/^1\.[1-6]$/.test(version));
  return {
    jobs: tasks.map((task) => convertTask(task, options)),
    leftOut: [],
    notes: [
      `Task Scheduler, schema ${versions.join(', ')}`,
      ...(odd.length > 0
        ? [`Version ${odd.join(', ')} is not one this import was made for (1.2 to 1.4)`]
        : []),
      `Times without an offset are in ${options.timezone ?? options.defaultTimezone}`,
      'What Windows does at a clock change is not documented; the proof assumes that a time that does not exist fires behind the gap, and one that comes twice fires once',
    ],
  };
}
