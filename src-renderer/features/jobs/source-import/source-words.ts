import type { JobSource } from '../../../../src-shared/model/job-source';

/** Where jobs can come from: a file of our own, or another scheduler. */
export type ImportKind = 'yaml' | JobSource;

export const kindWords: Readonly<
  Record<ImportKind, { readonly label: string; readonly hint: string; readonly accept: string }>
> = {
  yaml: {
    label: 'Jobs file (YAML)',
    hint: 'A jobs file (YAML), or one job. Nothing is saved before you have seen what it would do.',
    accept: '.yaml,.yml,text/yaml,application/yaml',
  },
  'task-scheduler': {
    label: 'Windows Task Scheduler',
    hint: 'Tasks as “Export…” of Task Scheduler or “schtasks /query /xml” writes them.',
    accept: '.xml,text/xml,application/xml',
  },
  'sql-agent': {
    label: 'SQL Server Agent',
    hint: 'A script as “Script Job as > CREATE To” of SSMS writes it. Nothing of it is run.',
    accept: '.sql,.txt,text/plain,application/sql',
  },
  crontab: {
    label: 'crontab',
    hint: 'What “crontab -l” prints, or /etc/crontab.',
    accept: '',
  },
};

export const importKinds = Object.keys(kindWords) as readonly ImportKind[];

export const stateWords = {
  disabled: ['Disabled', 'They are here and rest until you switch them on.'],
  shadow: [
    'In shadow',
    'Each planned run is recorded and nothing is started: the old scheduler goes on, and you see whether both mean the same times.',
  ],
  enabled: [
    'Enabled',
    'Those that were enabled there and have all they need here run from now on. Switch them off there.',
  ],
} as const;
export type TakenAs = keyof typeof stateWords;
