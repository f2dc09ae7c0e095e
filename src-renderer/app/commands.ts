import type { SchedulerStatus } from '../../src-shared/model/scheduler';
import { type Role, roleAtLeast } from '../../src-shared/roles';
import { useTheme } from '../lib/theme-store';
import { pages } from './routes';
import { useScheduler } from './scheduler-store';

/** Something the palette can do that is no job and no execution. */
export interface Command {
  readonly text: string;
  /** Other words it is found by. */
  readonly words?: string;
  readonly role?: Role;
  /** Shown only when this holds. */
  readonly isOffered?: (status: SchedulerStatus | undefined) => boolean;
  /** Goes there, or does it. */
  readonly to?: string;
  readonly run?: () => void;
}

const commands: readonly Command[] = [
  ...pages.flatMap(({ path, nav }) => (nav ? [{ text: `Go to ${nav.label}`, to: path }] : [])),
  {
    text: 'Pause the scheduler',
    words: 'hold stop',
    role: 'operator',
    isOffered: (status) => status?.state === 'running',
    run: () => void useScheduler.getState().pause(),
  },
  {
    text: 'Resume the scheduler',
    words: 'go on',
    role: 'operator',
    isOffered: (status) => status?.state === 'paused',
    run: () => void useScheduler.getState().resume(),
  },
  {
    text: 'Start the scheduler',
    role: 'operator',
    isOffered: (status) => status?.state === 'stopped',
    run: () => void useScheduler.getState().start(),
  },
  { text: 'Import jobs…', words: 'yaml upload', role: 'editor', to: '/jobs?import=open' },
  { text: 'New job from a template…', words: 'create gallery', role: 'editor', to: '/jobs?templates=open' },
  { text: 'Show failed jobs', words: 'errors', to: '/jobs?status=failed,timeout,interrupted' },
  { text: 'Appearance: like the system', words: 'theme', run: () => useTheme.getState().choose('system') },
  { text: 'Appearance: light', words: 'theme', run: () => useTheme.getState().choose('light') },
  { text: 'Appearance: dark', words: 'theme', run: () => useTheme.getState().choose('dark') },
  {
    text: 'Appearance: high contrast',
    words: 'theme accessibility',
    run: () => useTheme.getState().choose('contrast'),
  },
];

/** The commands this role may use now whose words hold every part of the text. */
export function findCommands(
  text: string,
  { role, status }: { readonly role: Role; readonly status: SchedulerStatus | undefined },
): readonly Command[] {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    if (command.role && !roleAtLeast(role, command.role)) return false;
    if (command.isOffered && !command.isOffered(status)) return false;
    const words = `${command.text} ${command.words ?? ''}`.toLowerCase();
    return parts.every((part) => words.includes(part));
  });
}
