import { lazy } from 'react';
import { EmptyState } from '../../../ui/states';
import styles from '../editor.module.css';
import { useEditor } from '../editor-store';

const CodeEditor = lazy(async () => ({ default: (await import('../monaco/code-editor')).CodeEditor }));

/** The code inside the job, in its own language; what is typed is written back as a block of the YAML. */
export function CodeTab({
  name,
  language,
  isReadOnly,
  onEscape,
  onRun,
}: {
  /** Its key. */
  readonly name: string;
  readonly language: string;
  readonly isReadOnly: boolean;
  readonly onEscape: () => void;
  readonly onRun?: () => void;
}) {
  const { reading, edit } = useEditor();
  if (reading.isBroken || !reading.job) {
    return (
      <EmptyState title="The YAML can't be read at the moment" isSmall>
        This tab comes back when the problem shown below is mended.
      </EmptyState>
    );
  }
  const value = reading.job[name];
  const code = typeof value === 'string' ? value : '';
  return (
    <div className={styles.pane}>
      <CodeEditor
        label={name}
        language={language}
        value={code}
        isReadOnly={isReadOnly}
        readOnlyReason="Changing jobs needs the role editor"
        onChange={(next) => {
          if (next !== code) edit([name], next === '' ? undefined : next);
        }}
        onEscape={onEscape}
        {...(onRun ? { onRun } : {})}
      />
    </div>
  );
}
