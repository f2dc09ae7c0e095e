import type { MenuItemConstructorOptions } from 'electron';
import type { SchedulerState } from '../../../src-shared/model/scheduler';

/** What the tray shows, gathered from the core. */
export interface TrayFacts {
  readonly state: SchedulerState;
  readonly running: number;
  readonly nextText: string | undefined;
  /** The newest first. */
  readonly recent: readonly { readonly job_id: string; readonly name: string }[];
  /** The newest first; `isNew` until somebody has looked. */
  readonly failures: readonly {
    readonly execution_id: string;
    readonly name: string;
    readonly when: string;
    readonly isNew: boolean;
  }[];
  /** Undefined where the system can't be told to start programs. */
  readonly startsAtLogin: boolean | undefined;
  readonly isSafeMode: boolean;
}

export interface TrayActions {
  open(path?: string): void;
  run(job_id: string): void;
  pause(): void;
  resume(): void;
  setStartAtLogin(on: boolean): void;
  quit(): void;
}

export type TrayIcon = 'normal' | 'running' | 'paused' | 'failed';

/** One picture for the most pressing of what is so. */
export function trayIcon(facts: TrayFacts): TrayIcon {
  if (facts.failures.some(({ isNew }) => isNew)) return 'failed';
  if (facts.state !== 'running') return 'paused';
  return facts.running > 0 ? 'running' : 'normal';
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** Windows cuts a tooltip at 127 characters. */
const longestTooltip = 127;

/** The state in words, a line each. */
export function trayTooltip(facts: TrayFacts): string {
  const fresh = facts.failures.filter(({ isNew }) => isNew).length;
  const states = { running: 'scheduling', paused: 'paused', stopped: 'not scheduling' } as const;
  const lines = [
    `Job Scheduler: ${facts.isSafeMode ? 'safe mode, paused' : states[facts.state]}`,
    fresh > 0 ? `${count(fresh, 'job', 'jobs')} failed` : undefined,
    facts.running > 0 ? `${count(facts.running, 'job', 'jobs')} running` : undefined,
    facts.state === 'running' && facts.nextText ? `Next: ${facts.nextText}` : undefined,
  ];
  const text = lines.filter((line) => line !== undefined).join('\n');
  return text.length > longestTooltip ? `${text.slice(0, longestTooltip - 1)}…` : text;
}

/** A name as it is: `&` marks a key in menus. */
const plain = (name: string) => {
  const oneLine = name.replace(/\s+/g, ' ').trim();
  return (oneLine.length > 60 ? `${oneLine.slice(0, 59)}…` : oneLine).replaceAll('&', '&&');
};

/** The tray's menu as a template. */
export function trayMenu(facts: TrayFacts, actions: TrayActions): MenuItemConstructorOptions[] {
  const isPaused = facts.state === 'paused';
  const none = (label: string): MenuItemConstructorOptions[] => [{ label, enabled: false }];
  return [
    { id: 'open', label: 'Open Job Scheduler', click: () => actions.open() },
    { type: 'separator' },
    {
      id: 'run',
      label: 'Run a job',
      submenu: [
        ...(facts.recent.length === 0
          ? none('No job has run yet')
          : facts.recent.map(({ job_id, name }) => ({
              id: `run:${job_id}`,
              label: plain(name),
              click: () => actions.run(job_id),
            }))),
        { type: 'separator' },
        { id: 'jobs', label: 'All jobs…', click: () => actions.open('/jobs') },
      ],
    },
    {
      id: 'failures',
      label: 'Last failures',
      submenu:
        facts.failures.length === 0
          ? none('None in the last 24 hours')
          : facts.failures.map(({ execution_id, name, when }) => ({
              id: `failure:${execution_id}`,
              label: `${plain(name)}, ${when}`,
              click: () => actions.open(`/executions/${encodeURIComponent(execution_id)}`),
            })),
    },
    facts.state === 'stopped'
      ? { id: 'pause', label: 'Pause all', enabled: false }
      : isPaused
        ? { id: 'resume', label: 'Resume all', click: () => actions.resume() }
        : { id: 'pause', label: 'Pause all', click: () => actions.pause() },
    { type: 'separator' },
    {
      id: 'start-at-login',
      label: 'Start at login',
      type: 'checkbox',
      checked: facts.startsAtLogin === true,
      enabled: facts.startsAtLogin !== undefined,
      click: (item) => actions.setStartAtLogin(item.checked),
    },
    { id: 'quit', label: 'Quit', click: () => actions.quit() },
  ];
}
