import { Button, Tab, TabList } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { readYaml } from '../../../src-shared/job-document/read-yaml';
import { serverNow } from '../../lib/clock';
import { plural } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { Page, PageHeader } from '../../ui/page';
import { Skeleton } from '../../ui/states';
import { notify } from '../../ui/toasts';
import { changesBetween } from './document/changes';
import { applyFix, fixesFor } from './document/fixes';
import { hoverText } from './document/hover-text';
import { jobSchema } from './document/job-schema';
import { pathAtOffset } from './document/node-path';
import styles from './editor.module.css';
import { hasEdits, hasErrors, isDirty, useEditor } from './editor-store';
import { JobForm } from './form/job-form';
import { labelOf } from './form/type-fields';
import type { EditorHandle } from './monaco/code-editor';
import type { YamlLanguageSource } from './monaco/yaml-source';
import type { Opened } from './open-target';
import { AboutCard } from './parts/about-card';
import { ChangesCard } from './parts/changes-card';
import { CodeTab } from './parts/code-tab';
import { ConflictDialog } from './parts/conflict-dialog';
import { ProblemsBar } from './parts/problems-bar';
import { SavedMeanwhile } from './parts/saved-meanwhile';
import { ScheduleCard, slotWords } from './parts/schedule-card';
import { TestRunPanel } from './parts/test-run-panel';
import { trialParams } from './parts/trial-params';
import { useTestRun } from './test-run-store';
import { useChecks } from './use-checks';
import { useGuard } from './use-guard';
import { usePageKeys } from './use-page-keys';
import { usePreview } from './use-preview';

const CodeEditor = lazy(async () => ({ default: (await import('./monaco/code-editor')).CodeEditor }));
const DiffView = lazy(async () => ({ default: (await import('../../ui/monaco/diff-view')).DiffView }));

const wouldLose = () => hasEdits(useEditor.getState());
const linesOfSkeleton = ['24%', '32%', '20%', '18%', '40%', '64%', '58%', '36%', '30%', '44%'];

function EditorSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true">
      {linesOfSkeleton.map((width) => (
        <Skeleton key={width} width={width} height={12} />
      ))}
    </div>
  );
}

/** The page of a job that is open: text, form, code and changes at the left, what they come to at the right. */
export function EditorDesk({
  title,
  opened,
  mayEdit,
}: {
  readonly title: string;
  readonly opened: Opened;
  readonly mayEdit: boolean;
}) {
  const editor = useEditor();
  const { text, savedText, reading, issues, checkedText, isSaving, theirs } = editor;
  const testRun = useTestRun();
  const navigate = useNavigate();
  const [urlTab, setTab] = useUrlText('tab');
  const handle = useRef<EditorHandle>(undefined);
  const tabList = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState({ line: 1, column: 1 });
  const { job } = opened;
  const isReadOnly = !mayEdit;
  const isChanged = isDirty(editor);
  const isBad = hasErrors(editor);

  useChecks();
  useGuard(wouldLose);
  const { preview, problem } = usePreview(reading.schedule);

  const codeKeys = useMemo(
    () => opened.types.find(({ type }) => type === reading.type)?.editor.code ?? {},
    [opened.types, reading.type],
  );
  const tab = urlTab === 'form' || urlTab === 'changes' || urlTab in codeKeys ? urlTab : 'yaml';
  const isTextShown = tab === 'yaml' || tab === 'form';

  const schema = useMemo(() => jobSchema(opened.types, reading.type), [opened.types, reading.type]);
  const latest = useRef({ schema, preview });
  latest.current = { schema, preview };
  const [yaml] = useState<YamlLanguageSource>(() => ({
    schema: () => latest.current.schema,
    issues: () => useEditor.getState().issues,
    hover(offset) {
      const now = useEditor.getState();
      const path = pathAtOffset(now.reading.root, offset);
      const runs = now.reading.schedule
        ? (latest.current.preview?.slots ?? []).slice(0, 5).map((slot) => slotWords(slot, serverNow()))
        : [];
      return path && hoverText(latest.current.schema, path.slice(now.reading.base.length), runs);
    },
    fixes(start, end) {
      const now = useEditor.getState();
      return now.issues
        .filter((issue) => issue.start <= end && issue.end >= start)
        .flatMap((issue) => fixesFor(now.text, issue).map((fix, index) => ({ fix, isFirst: index === 0 })));
    },
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed is what is to be shown
  useEffect(() => handle.current?.showIssues(), [issues]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => handle.current?.showSchema(), [schema]);

  const save = useCallback(async () => {
    const job_id = await useEditor.getState().save();
    if (job_id !== undefined && !useEditor.getState().target.job_id)
      await navigate(`/jobs/${encodeURIComponent(job_id)}/edit`, { replace: true });
  }, [navigate]);
  const leave = () => void navigate(job ? `/jobs/${encodeURIComponent(job.job_id)}` : '/jobs');
  const maySave = mayEdit && !isSaving && !isBad && (isChanged || !job);
  const saveByKey = () => {
    if (maySave) void save();
    else if (mayEdit && isBad)
      notify({ kind: 'error', text: 'Not saved: the problems under the editor must be mended first' });
  };
  usePageKeys({ save: saveByKey, leave });

  const toTabs = () =>
    tabList.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  const startTest = () => {
    const now = useEditor.getState();
    void testRun.start(now.text, trialParams(now.reading.job?.params, testRun.typed));
  };
  const changes = useMemo(
    () =>
      reading.isBroken
        ? []
        : changesBetween(readYaml(savedText, Number.POSITIVE_INFINITY).value ?? {}, reading.job ?? {}),
    [savedText, reading],
  );
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const isPreviewed = preview?.of === JSON.stringify(reading.schedule);
  const isOn = reading.job?.enabled !== false;
  const hasSchedule = reading.job?.schedule !== undefined && reading.job.schedule !== null;
  const nextRun =
    reading.isBroken || errors > 0
      ? undefined
      : !hasSchedule || !isOn
        ? null
        : isPreviewed && job && JSON.stringify(job.schedule) === preview?.of && job.next_run_time !== null
          ? job.next_run_time
          : isPreviewed
            ? (preview?.slots[0]?.scheduled_time ?? null)
            : undefined;

  return (
    <Page title={title}>
      <PageHeader
        title={job ? 'Edit' : 'New job'}
        crumbs={[
          { text: 'Jobs', to: '/jobs' },
          ...(job ? [{ text: job.name, to: `/jobs/${encodeURIComponent(job.job_id)}` }] : []),
        ]}
        beside={<Pill isReadOnly={isReadOnly} isChanged={isChanged} isNew={!job} />}
        note={opened.origin}
        actions={
          mayEdit && (
            <>
              {isChanged && job && <Button onClick={editor.discard}>Discard</Button>}
              <Button
                onClick={startTest}
                disabledFocusable={isBad || testRun.isStarting}
                title={isBad ? 'The problems must be mended first' : 'Runs this text once; saves nothing'}
              >
                Test run
              </Button>
              <Button
                appearance="primary"
                disabledFocusable={!maySave}
                title={isBad ? 'The problems must be mended first' : 'Ctrl+S'}
                onClick={() => maySave && void save()}
              >
                {isSaving ? 'Saving…' : 'Save'}
              </Button>
            </>
          )
        }
      />
      {theirs && <SavedMeanwhile theirs={theirs} onCompare={() => editor.compare(true)} />}
      <div className={styles.body}>
        <div className={styles.left}>
          <section
            className={`${styles.card} ${styles.editorCard}`}
            aria-label="Definition"
            data-with-test={testRun.isOpen || undefined}
          >
            <div className={styles.tabs}>
              <TabList
                ref={tabList}
                selectedValue={tab}
                onTabSelect={(_, { value }) => setTab(value === 'yaml' ? '' : String(value))}
              >
                <Tab value="yaml">YAML</Tab>
                {Object.entries(codeKeys).map(([key, language]) => (
                  <Tab key={key} value={key}>
                    {codeLabel(key)} <small>{languageNames[language] ?? language}</small>
                  </Tab>
                ))}
                <Tab value="form">Form</Tab>
                <Tab value="changes">Changes</Tab>
              </TabList>
              <span className={styles.file}>{job?.job_id ?? ''}</span>
            </div>
            {isReadOnly && (
              <div className={styles.readOnly}>
                <b>Read only.</b>
                <span>
                  Changing jobs needs the role editor; yours may only look. Passwords and the values of
                  environment variables are not shown.
                </span>
              </div>
            )}
            <div className={styles.area}>
              {tab === 'form' && (
                <div className={styles.form}>
                  <JobForm isReadOnly={isReadOnly} onOpenCode={setTab} />
                </div>
              )}
              <div className={styles.pane} hidden={!isTextShown}>
                <Suspense fallback={<EditorSkeleton />}>
                  <CodeEditor
                    label="YAML of the job"
                    language="yaml"
                    value={text}
                    isReadOnly={isReadOnly}
                    readOnlyReason="Changing jobs needs the role editor"
                    yaml={yaml}
                    onChange={editor.setText}
                    onCursor={setCursor}
                    onEscape={toTabs}
                    onReady={(ready) => {
                      handle.current = ready;
                      ready?.showIssues();
                    }}
                  />
                </Suspense>
              </div>
              {tab in codeKeys && (
                <Suspense fallback={<EditorSkeleton />}>
                  <CodeTab
                    key={tab}
                    name={tab}
                    language={codeKeys[tab] ?? 'plaintext'}
                    isReadOnly={isReadOnly}
                    onEscape={toTabs}
                  />
                </Suspense>
              )}
              {tab === 'changes' && (
                <div className={styles.pane}>
                  <Suspense fallback={<EditorSkeleton />}>
                    <DiffView
                      label="Saved text and yours"
                      before={savedText}
                      after={text}
                      {...(mayEdit ? { onChange: editor.setText } : {})}
                    />
                  </Suspense>
                </div>
              )}
            </div>
            <ProblemsBar
              text={text}
              issues={issues}
              isChecked={checkedText === text}
              mayFix={mayEdit}
              cursor={
                isTextShown
                  ? `Ln ${cursor.line}, Col ${cursor.column} · YAML`
                  : plural(text.split('\n').length, 'line')
              }
              onGoTo={(issue) => {
                if (!isTextShown) setTab('');
                setTimeout(() => handle.current?.goTo(issue.line, issue.column));
              }}
              onFix={(fix) => {
                editor.setText(applyFix(text, fix));
                editor.read();
              }}
            />
          </section>
          {testRun.isOpen && <TestRunPanel onAgain={startTest} />}
        </div>
        <aside className={styles.right} aria-label="What it comes to">
          <ScheduleCard
            hasSchedule={hasSchedule || reading.isBroken}
            isValid={reading.schedule !== undefined}
            isCurrent={isPreviewed}
            isEnabled={isOn}
            preview={preview}
            problem={problem}
          />
          <ChangesCard
            job={job}
            changes={job ? changes : []}
            isTextChanged={isChanged}
            errors={errors}
            nextRun={nextRun}
          />
          <AboutCard job={job} current={reading.job} />
        </aside>
      </div>
      {theirs && editor.isComparing && (
        <ConflictDialog
          theirs={theirs}
          mine={text}
          onClose={() => editor.compare(false)}
          onTakeTheirs={editor.takeTheirs}
          onKeepMine={() => {
            editor.keepMine();
            void save();
          }}
          onMerge={() => {
            editor.keepMine();
            setTab('changes');
          }}
        />
      )}
    </Page>
  );
}

const languageNames: Readonly<Record<string, string>> = {
  sql: 'SQL',
  powershell: 'PowerShell',
  python: 'Python',
};

const codeLabel = (key: string): string => (key === 'script_content' ? 'Script' : labelOf(key));

function Pill(props: { readonly isReadOnly: boolean; readonly isChanged: boolean; readonly isNew: boolean }) {
  const { isReadOnly, isChanged, isNew } = props;
  const [word, tone] = isReadOnly
    ? ['Read only', 'idle']
    : isChanged
      ? [isNew ? 'Not saved yet' : 'Unsaved', 'retry']
      : ['Saved', 'idle'];
  return (
    <span className={styles.pill} data-tone={tone} role="status">
      {word}
    </span>
  );
}
