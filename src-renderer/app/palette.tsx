import { Dialog, DialogSurface } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { create } from 'zustand';
import { api } from '../lib/api';
import { useMay, useSession } from '../lib/session';
import { StatusPill } from '../ui/status-pill';
import { TimeText } from '../ui/time-text';
import { attempt } from '../ui/toasts';
import { findCommands } from './commands';
import styles from './palette.module.css';
import { type Found, nothingFound, search } from './palette-search';
import { useScheduler } from './scheduler-store';

const usePalette = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));
const setOpen = (isOpen: boolean) => usePalette.setState({ isOpen });

/** The field in the top bar: a button that looks like what it opens. */
export function PaletteButton() {
  return (
    <button type="button" className={styles.button} onClick={() => setOpen(true)}>
      <SearchRegular />
      <span>Search jobs, executions, actions</span>
      <kbd>Ctrl K</kbd>
    </button>
  );
}

/** Ctrl+K: everything by name. Arrows choose, Enter goes, Esc leaves. */
export function CommandPalette() {
  const { isOpen } = usePalette();
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(!usePalette.getState().isOpen);
    };
    // Before anybody else: in the code editor Ctrl+K would begin a chord, and the palette is promised everywhere.
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => setOpen(open)}>
      <DialogSurface className={styles.surface} aria-label="Search">
        {isOpen && <PaletteBody />}
      </DialogSurface>
    </Dialog>
  );
}

interface Item {
  readonly id: string;
  readonly group: string;
  readonly view: ReactNode;
  readonly run: () => void;
}

function PaletteBody() {
  const id = useId();
  const navigate = useNavigate();
  const mayRun = useMay('operator');
  const role = useSession((session) => session.role);
  const status = useScheduler((scheduler) => scheduler.status);
  const [text, setText] = useState('');
  const [{ found, foundFor }, setFound] = useState({ found: nothingFound, foundFor: '' });
  const [at, setAt] = useState(0);
  /** Enter was pressed before what was typed had been looked up. */
  const [isGoing, setGoing] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      () =>
        void search(text.trim())
          .catch(() => nothingFound)
          .then((result) => {
            if (isCurrent) setFound({ found: result, foundFor: text });
          }),
      text === '' ? 0 : 120,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);

  const items = itemsOf({ text, found, role, status, mayRun, navigate });
  const chosen = items[Math.min(at, items.length - 1)];
  const isCurrent = foundFor === text;
  const go = (item: Item) => {
    setOpen(false);
    item.run();
  };
  useEffect(() => {
    if (!isGoing || !isCurrent) return;
    setGoing(false);
    if (chosen) go(chosen);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, items.length - 1) + step + items.length) % items.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      // Whoever types fast means what he typed, not what was found for its beginning.
      if (!isCurrent) setGoing(true);
      else if (chosen) go(chosen);
    } else setGoing(false);
  };

  return (
    <div className={styles.body}>
      <input
        className={styles.input}
        // biome-ignore lint/a11y/noAutofocus: the palette was opened to type into
        autoFocus
        role="combobox"
        aria-label="Search jobs, executions, actions"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${items.indexOf(chosen)}` : undefined}
        aria-autocomplete="list"
        placeholder="Search jobs, executions, actions"
        value={text}
        maxLength={200}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id={`${id}-list`} role="listbox" aria-label="Found">
        {items.map((item, index) => (
          <div key={item.id} role="presentation">
            {items[index - 1]?.group !== item.group && (
              <div className={styles.group} role="presentation">
                {item.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the field holds the focus */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              className={styles.option}
              aria-selected={item === chosen}
              onPointerMove={() => setAt(index)}
              onClick={() => go(item)}
            >
              {item.view}
            </div>
          </div>
        ))}
      </div>
      {items.length === 0 && <p className={styles.none}>Nothing is called “{text}”.</p>}
    </div>
  );
}

function itemsOf({
  text,
  found,
  role,
  status,
  mayRun,
  navigate,
}: {
  readonly text: string;
  readonly found: Found;
  readonly role: Parameters<typeof findCommands>[1]['role'];
  readonly status: Parameters<typeof findCommands>[1]['status'];
  readonly mayRun: boolean;
  readonly navigate: (to: string) => void;
}): readonly Item[] {
  const isRunAsked = /^run\b/i.test(text);
  const jobs: Item[] = found.jobs.map((job) => ({
    id: `job ${job.job_id}`,
    group: 'Jobs',
    view: (
      <>
        <span className={styles.name} dir="auto">
          {job.name}
        </span>
        <span className={styles.more}>{job.job_id}</span>
        <StatusPill status={job.enabled ? (job.last_execution?.status ?? 'never') : 'disabled'} />
      </>
    ),
    run: () => navigate(`/jobs/${encodeURIComponent(job.job_id)}`),
  }));
  const runs: Item[] =
    mayRun && text !== ''
      ? found.jobs
          .filter((job) => job.enabled && !job.disabled_reason)
          .slice(0, 3)
          .map((job) => ({
            id: `run ${job.job_id}`,
            group: 'Actions',
            view: (
              <span className={styles.name} dir="auto">
                Run {job.name}
              </span>
            ),
            run: () =>
              void attempt(
                () => api.jobs.run({ params: { job_id: job.job_id } }),
                ({ message, execution_id }) => ({
                  kind: 'success',
                  text: `${job.name}: ${message}`,
                  action: { text: 'Open', run: () => navigate(`/executions/${execution_id}`) },
                }),
              ),
          }))
      : [];
  const commands: Item[] = findCommands(text, { role, status }).map((command) => ({
    id: `command ${command.text}`,
    group: 'Actions',
    view: <span className={styles.name}>{command.text}</span>,
    run: () => (command.to === undefined ? command.run?.() : navigate(command.to)),
  }));
  const executions: Item[] = found.executions.map((execution) => ({
    id: execution.execution_id,
    group: 'Executions',
    view: (
      <>
        <span className={styles.name} dir="auto">
          {execution.job_name}
        </span>
        <span className={styles.more}>
          {execution.execution_id} · <TimeText instant={execution.start_time} />
        </span>
        <StatusPill status={execution.status} />
      </>
    ),
    run: () => navigate(`/executions/${execution.execution_id}`),
  }));
  return isRunAsked
    ? [...runs, ...commands, ...jobs, ...executions]
    : [...jobs, ...runs, ...commands, ...executions];
}
