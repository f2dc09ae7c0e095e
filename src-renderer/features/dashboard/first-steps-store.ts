import { create } from 'zustand';
import { AppError } from '../../../src-shared/errors';
import { api } from '../../lib/api';
import { attempt } from '../../ui/toasts';

const key = 'job-scheduler.first-steps';

/** Storage can be switched off in a browser: then it is asked again at the next visit. */
function readSkipped(): boolean {
  try {
    return localStorage.getItem(key) === 'skipped';
  } catch {
    return false;
  }
}
function writeSkipped(isSkipped: boolean): void {
  try {
    if (isSkipped) localStorage.setItem(key, 'skipped');
    else localStorage.removeItem(key);
  } catch {
    // It is as good as it gets.
  }
}

const sampleId = 'first_sample';
/** Runs wherever the program does: SQLite is inside it. */
const sample = {
  id: sampleId,
  name: 'First sample',
  type: 'sql',
  description: 'Writes a row into a small SQLite file and shows the newest ones',
  tags: ['sample'],
  connection: { driver: 'sqlite', database: 'first-sample.db' },
  query: `CREATE TABLE IF NOT EXISTS visits (visit INTEGER PRIMARY KEY, at TEXT NOT NULL);
INSERT INTO visits (at) VALUES (datetime('now'));
SELECT visit, at AS "at (UTC)" FROM visits ORDER BY visit DESC LIMIT 5;
`,
  timeout: 60,
  max_retries: 0,
};

interface FirstStepsState {
  readonly isSkipped: boolean;
  readonly isBusy: boolean;
  /** The sample's newest run that was begun here. */
  readonly sampleRun: string | undefined;
  readonly connections: number | undefined;
  load(): Promise<void>;
  /** Creates the sample unless it is there, and runs it. */
  runSample(): Promise<void>;
  skip(): void;
  resume(): void;
}

/** What the first steps need to know; whether somebody has skipped them is remembered by this window or browser. */
export const useFirstSteps = create<FirstStepsState>((set) => ({
  isSkipped: readSkipped(),
  isBusy: false,
  sampleRun: undefined,
  connections: undefined,
  async load() {
    // Only a tick beside a step hangs on it.
    const reply = await api.connections.list({}).catch(() => undefined);
    if (reply) set({ connections: reply.connections.length });
  },
  async runSample() {
    set({ isBusy: true });
    await attempt(async () => {
      await api.jobs.create({ body: sample }).catch((error: unknown) => {
        if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      });
      const { execution_id } = await api.jobs.run({ params: { job_id: sampleId }, body: {} });
      set({ sampleRun: execution_id });
    });
    set({ isBusy: false });
  },
  skip() {
    writeSkipped(true);
    set({ isSkipped: true });
  },
  resume() {
    writeSkipped(false);
    set({ isSkipped: false });
  },
}));
