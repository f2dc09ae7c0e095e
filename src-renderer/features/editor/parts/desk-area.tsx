import { lazy, type RefObject, Suspense } from 'react';
import { TabPanel } from '../../../ui/page-tabs';
import { Skeleton } from '../../../ui/states';
import styles from '../editor.module.css';
import { useEditor } from '../editor-store';
import { JobForm } from '../form/job-form';
import type { EditorHandle } from '../monaco/code-editor';
import type { YamlLanguageSource } from '../monaco/yaml-source';
import { CodeTab } from './code-tab';

const CodeEditor = lazy(async () => ({ default: (await import('../monaco/code-editor')).CodeEditor }));
const DiffView = lazy(async () => ({ default: (await import('../../../ui/monaco/diff-view')).DiffView }));

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

/** What the chosen tab shows. The editor of the YAML stays alive behind the others, with its undo and its place. */
export function DeskArea(props: {
  readonly tab: string;
  readonly codeKeys: Readonly<Record<string, string>>;
  readonly isReadOnly: boolean;
  readonly yaml: YamlLanguageSource;
  readonly handle: RefObject<EditorHandle | undefined>;
  readonly onTab: (tab: string) => void;
  readonly onCursor: (place: { readonly line: number; readonly column: number }) => void;
  /** Leaves the text for the tabs: Tab belongs to the text. */
  readonly onEscape: () => void;
}) {
  const { tab, codeKeys, isReadOnly, handle, onEscape } = props;
  const { text, savedText, setText } = useEditor();
  return (
    <TabPanel value={tab} className={styles.area}>
      {tab === 'form' && (
        <div className={styles.form}>
          <JobForm isReadOnly={isReadOnly} onOpenCode={props.onTab} />
        </div>
      )}
      <div className={styles.pane} hidden={tab !== 'yaml' && tab !== 'form'}>
        <Suspense fallback={<EditorSkeleton />}>
          <CodeEditor
            label="YAML of the job"
            language="yaml"
            value={text}
            isReadOnly={isReadOnly}
            readOnlyReason="Changing jobs needs the role editor"
            yaml={props.yaml}
            onChange={setText}
            onCursor={props.onCursor}
            onEscape={onEscape}
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
            onEscape={onEscape}
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
              {...(isReadOnly ? {} : { onChange: setText })}
            />
          </Suspense>
        </div>
      )}
    </TabPanel>
  );
}
