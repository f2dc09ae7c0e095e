import { create } from 'zustand';
import { AppError } from '../../../src-shared/errors';
import { editAtPath } from '../../../src-shared/job-document/edit-path';
import { toApiKey } from '../../../src-shared/job-document/job-keys';
import { createLineIndex } from '../../../src-shared/job-document/line-index';
import { etagOf } from '../../../src-shared/job-etag';
import type { Issue } from '../../../src-shared/model/issue';
import { commonJobKeys, type JobDetail } from '../../../src-shared/model/job';
import type { JobDifference } from '../../../src-shared/model/job-difference';
import { api } from '../../lib/api';
import { notify, notifyError } from '../../ui/toasts';
import { type PlacedIssue, placeIssue } from './document/issue-place';
import { type JobReading, type JobTypeInfo, looseTypes, readJobText } from './document/read-job-text';
import { shownText } from './document/shown-text';
import { type Opened, openTarget, type Target } from './open-target';

interface Data {
  readonly target: Target;
  /** Undefined while loading. */
  readonly opened: Opened | undefined;
  readonly error: unknown;
  /** As saved; what the text is compared with. */
  readonly savedText: string;
  readonly text: string;
  readonly reading: JobReading;
  readonly issues: readonly PlacedIssue[];
  /** The text that the program itself has checked; older than `text` while somebody types. */
  readonly checkedText: string | undefined;
  readonly isSaving: boolean;
  /** The job as somebody else saved it meanwhile, and what they made of it since this page began. */
  readonly theirs: Theirs | undefined;
  /** Both are shown beside each other. */
  readonly isComparing: boolean;
}

export interface Theirs {
  readonly job: JobDetail;
  readonly difference: JobDifference | undefined;
}

interface Editor extends Data {
  open(target: Target): Promise<void>;
  setText(text: string): void;
  /** Changes a value of the job in the text; undefined takes its key away. */
  edit(path: readonly (string | number)[], value: unknown): void;
  /** Reads the text anew, by the parser the program uses. */
  read(): void;
  /** Lets the program check what only it can: the keys of the job's type. */
  check(): Promise<void>;
  /** The id of the saved job; undefined when it could not be saved, which has been told. */
  save(): Promise<string | undefined>;
  discard(): void;
  /** Somebody saved this job: take it in, or remember that it differs. `told` is what is known of that already. */
  noteSaved(told?: JobDifference): Promise<void>;
  /** Shows both; `false` goes on with what is being written. */
  compare(isComparing: boolean): void;
  takeTheirs(): void;
  /** What is saved next goes over theirs. */
  keepMine(): void;
}

const types = (opened: Opened | undefined): readonly JobTypeInfo[] => opened?.types ?? [];

const nothing: Data = {
  target: {},
  opened: undefined,
  error: undefined,
  savedText: '',
  text: '',
  reading: readJobText('', new Map()),
  issues: [],
  checkedText: undefined,
  isSaving: false,
  theirs: undefined,
  isComparing: false,
};

function placed(text: string, issues: readonly Issue[]): PlacedIssue[] {
  const lines = createLineIndex(text);
  return issues.map((issue) => placeIssue(issue, lines)).sort((a, b) => a.start - b.start);
}

/** Whether there is something to lose. */
export const isDirty = ({ text, savedText }: Pick<Data, 'text' | 'savedText'>): boolean => text !== savedText;
/** Whether leaving would lose something that a person wrote; a template nobody has touched is not that. */
export const hasEdits = ({ text, savedText, opened }: Pick<Data, 'text' | 'savedText' | 'opened'>): boolean =>
  text !== (opened && !opened.job ? opened.text : savedText);
export const hasErrors = ({ issues }: Pick<Data, 'issues'>): boolean =>
  issues.some((issue) => issue.severity === 'error');

/** The editor's page: one text, everything else is read from it. */
export const useEditor = create<Editor>((set, get) => {
  const begin = (job: JobDetail) => {
    const text = shownText(job);
    const { opened } = get();
    set({
      ...(opened ? { opened: { ...opened, job } } : {}),
      savedText: text,
      text,
      theirs: undefined,
      isComparing: false,
    });
    get().read();
    void get().check();
  };
  const isCurrent = (target: Target) => get().target === target;
  /** Where a save was refused, the refusal told what was changed; else it is asked for. */
  const changesSince = async (job_id: string, since: string, told: JobDifference | undefined) =>
    told ?? (await api.jobs.changes({ params: { job_id }, query: { since } })).difference ?? undefined;

  return {
    ...nothing,
    async open(target) {
      set({ ...nothing, target });
      try {
        const opened = await openTarget(target);
        if (!isCurrent(target)) return;
        set({ opened, text: opened.text, savedText: opened.job ? opened.text : '' });
        get().read();
        void get().check();
      } catch (error) {
        if (isCurrent(target)) set({ error });
      }
    },
    setText: (text) => set({ text }),
    edit(path, value) {
      const { text, reading } = get();
      set({ text: editAtPath(text, [...reading.base, ...path], value) });
      get().read();
    },
    read() {
      const { text, opened, issues, checkedText } = get();
      const reading = readJobText(text, looseTypes(types(opened)));
      if (checkedText === text) return set({ reading });
      // What the program found of the type's own keys stays until it has looked again.
      const own = placed(text, reading.issues);
      const kept = reading.isBroken
        ? []
        : issues.filter(
            (old) => own.every((issue) => issue.message !== old.message) && !isKnownHere(old.path),
          );
      set({ reading, issues: [...own, ...kept].sort((a, b) => a.start - b.start) });
    },
    async check() {
      const { text, target } = get();
      try {
        const { issues } = await api.jobs.validate({ body: { yaml: text } });
        if (isCurrent(target) && get().text === text)
          set({ issues: placed(text, issues), checkedText: text });
      } catch {
        // Out of reach: what the window itself knows stays shown, and saving will say what is the matter.
      }
    },
    async save() {
      const { text, target, opened, isSaving } = get();
      if (isSaving) return undefined;
      set({ isSaving: true });
      try {
        const job_id = opened?.job?.job_id;
        const saved =
          job_id === undefined
            ? await api.jobs.create({ body: { yaml: text } })
            : await api.jobs.update({
                params: { job_id },
                ...(opened?.job ? { ifMatch: etagOf(opened.job) } : {}),
                body: { yaml: text },
              });
        const { job } = await api.jobs.get({ params: { job_id: saved.job_id } });
        if (isCurrent(target) && opened) {
          set({ opened: { ...opened, job }, savedText: text, theirs: undefined, isComparing: false });
        }
        const next = job.next_run_time === null ? '' : `, next run ${nextText(job)}`;
        notify({ kind: 'success', text: `Saved${next}` });
        return saved.job_id;
      } catch (error) {
        if (error instanceof AppError && error.issues?.length) {
          set({ issues: placed(text, error.issues), checkedText: text });
        }
        const difference = error instanceof AppError ? error.difference : undefined;
        if (difference) {
          set({ isSaving: false });
          // Before it overwrites, whoever saves second sees what the first one did.
          await get()
            .noteSaved(difference)
            .catch(() => undefined);
          if (get().theirs) set({ isComparing: true });
        }
        // Where both wrote the very same, there is nothing to be said.
        if (!get().isComparing && (!difference || isDirty(get()))) notifyError(error);
        return undefined;
      } finally {
        set({ isSaving: false });
      }
    },
    discard() {
      set(({ savedText, opened }) => ({ text: opened?.job ? savedText : (opened?.text ?? '') }));
      get().read();
      void get().check();
    },
    async noteSaved(told) {
      const { target, opened } = get();
      if (!opened?.job) return;
      const { job_id, modified_date: since } = opened.job;
      const { job } = await api.jobs.get({ params: { job_id } });
      const isOver = () => {
        const { isSaving, opened: now } = get();
        return !isCurrent(target) || isSaving || job.modified_date === now?.job?.modified_date;
      };
      if (isOver()) return;
      if (!isDirty(get()) || shownText(job) === get().text) return begin(job);
      const difference = await changesSince(job_id, since, told).catch(() => undefined);
      if (!isOver()) set({ theirs: { job, difference } });
    },
    compare: (isComparing) => set({ isComparing }),
    takeTheirs() {
      const { theirs } = get();
      if (theirs) begin(theirs.job);
    },
    keepMine() {
      const { theirs, opened } = get();
      if (!theirs || !opened) return;
      const { job } = theirs;
      set({ opened: { ...opened, job }, savedText: shownText(job), theirs: undefined, isComparing: false });
    },
  };
});

/** Whether the window finds the issues at this path by itself: the keys all types share, and the text as such. */
function isKnownHere(path: string): boolean {
  const [key = ''] = path.replace(/^jobs\[0\]\.?/, '').split(/[.[]/);
  return key === '' || commonJobKeys.has(toApiKey(key));
}

function nextText(job: JobDetail): string {
  const at = new Date(job.next_run_time ?? '');
  return at.toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}
