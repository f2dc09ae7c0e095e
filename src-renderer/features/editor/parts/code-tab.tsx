import { lazy } from 'react';
import { EmptyState } from '../../../ui/states';
import { useEditor } from '../editor-store';
import { QueryPanel, useQuery } from './query-panel';
import split from './query-panel.module.css';

const CodeEditor = lazy(async () => ({ default: (await import('../monaco/code-editor')).CodeEditor }));

/** The code inside the job, in its own language; what is typed is written back as a block of the YAML. */
export function CodeTab({
  name,
  language,
  isReadOnly,
  onEscape,
}: {
  /** Its key. */
  readonly name: string;
  readonly language: string;
  readonly isReadOnly: boolean;
  readonly onEscape: () => void;
}) {
  const { reading, edit } = useEditor();
  const value = reading.job?.[name];
  const code = typeof value === 'string' ? value : '';
  const query = useQuery(reading.job, code);
  if (reading.isBroken || !reading.job) {
    return (
      <EmptyState title="The YAML can't be read at the moment" isSmall>
        This tab comes back when the problem shown below is mended.
      </EmptyState>
    );
  }
  const mayQuery = language === 'sql' && !isReadOnly;
  return (
    <div className={split.split}>
      <div className={split.code}>
        <CodeEditor
          label={`${name} of the job`}
          language={language}
          value={code}
          isReadOnly={isReadOnly}
          readOnlyReason="Changing jobs needs the role editor"
          onChange={(next) => {
            if (next !== code) edit([name], next === '' ? undefined : next);
          }}
          onEscape={onEscape}
          {...(mayQuery ? { onRun: () => void query.run() } : {})}
        />
      </div>
      {mayQuery && <QueryPanel query={query} />}
    </div>
  );
}
