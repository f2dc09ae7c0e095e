import { Button } from '@fluentui/react-components';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { readYaml } from '../../../src-shared/job-document/read-yaml';
import { plural } from '../../lib/time-text';
import { useUrlChange, useUrlText } from '../../lib/url-state';
import { Page, PageHeader } from '../../ui/page';
import { notify } from '../../ui/toasts';
import { changesBetween } from './document/changes';
import { applyFix } from './document/fixes';
import styles from './editor.module.css';
import { hasEdits, hasErrors, isDirty, useEditor } from './editor-store';
import type { EditorHandle } from './monaco/code-editor';
import type { Opened } from './open-target';
import { AboutCard } from './parts/about-card';
import { ChangesCard } from './parts/changes-card';
import { ConflictDialog } from './parts/conflict-dialog';
import { DeskArea } from './parts/desk-area';
import { DeskTabs } from './parts/desk-tabs';
import { ProblemsBar } from './parts/problems-bar';
import { SavedMeanwhile } from './parts/saved-meanwhile';
import { ScheduleCard } from './parts/schedule-card';
import { StatePill } from './parts/state-pill';
import { TestRunPanel } from './parts/test-run-panel';
import { trialParams } from './parts/trial-params';
import { useTestRun } from './test-run-store';
import { useChecks } from './use-checks';
import { useGuard } from './use-guard';
import { usePageKeys } from './use-page-keys';
import { usePreview } from './use-preview';
import { useYamlSource } from './use-yaml-source';

const wouldLose = () => hasEdits(useEditor.getState());
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
  const [urlTab] = useUrlText('tab');
  const changeUrl = useUrlChange();
  const setTab = (tab: string) => changeUrl({ tab: tab === 'yaml' ? '' : tab }, true);
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

  const yaml = useYamlSource(handle, opened.types, preview);

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
        beside={<StatePill isReadOnly={isReadOnly} isChanged={isChanged} isNew={!job} />}
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
            <DeskTabs codeKeys={codeKeys} tab={tab} onTab={setTab} job_id={job?.job_id} listRef={tabList} />
            {isReadOnly && (
              <div className={styles.readOnly}>
                <b>Read only.</b>
                <span>
                  Changing jobs needs the role editor; yours may only look. Passwords and the values of
                  environment variables are not shown.
                </span>
              </div>
            )}
            <DeskArea
              tab={tab}
              codeKeys={codeKeys}
              isReadOnly={isReadOnly}
              yaml={yaml}
              handle={handle}
              onTab={setTab}
              onCursor={setCursor}
              onEscape={toTabs}
            />
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
                if (!isTextShown) setTab('yaml');
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
