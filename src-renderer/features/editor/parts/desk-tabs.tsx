import type { RefObject } from 'react';
import { PageTabs } from '../../../ui/page-tabs';
import styles from '../editor.module.css';
import { labelOf } from '../form/type-fields';

const languageNames: Readonly<Record<string, string>> = {
  sql: 'SQL',
  powershell: 'PowerShell',
  python: 'Python',
};

const codeLabel = (key: string): string => (key === 'script_content' ? 'Script' : labelOf(key));

/** The views of one text: YAML, each key that holds code in its own language, the form, what has changed. */
export function DeskTabs({
  codeKeys,
  tab,
  onTab,
  job_id,
  listRef,
}: {
  /** Keys of the job's type that hold code, and their language. */
  readonly codeKeys: Readonly<Record<string, string>>;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  readonly job_id: string | undefined;
  readonly listRef: RefObject<HTMLDivElement | null>;
}) {
  return (
    <div className={styles.tabs}>
      <PageTabs
        label="Views of the job"
        listRef={listRef}
        selected={tab}
        onSelect={onTab}
        tabs={[
          { value: 'yaml', text: 'YAML' },
          ...Object.entries(codeKeys).map(([value, language]) => ({
            value,
            text: (
              <>
                {codeLabel(value)} <small>{languageNames[language] ?? language}</small>
              </>
            ),
          })),
          { value: 'form', text: 'Form' },
          { value: 'changes', text: 'Changes' },
        ]}
      />
      <span className={styles.file}>{job_id ?? ''}</span>
    </div>
  );
}
