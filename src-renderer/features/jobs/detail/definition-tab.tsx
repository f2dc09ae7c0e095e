import type { JobDetail } from '../../../../src-shared/model/job';
import { useMay } from '../../../lib/session';
import { CopyButton } from '../../../ui/copy-button';
import { Card } from '../../../ui/page';
import { EmptyState, ForbiddenState } from '../../../ui/states';
import styles from './definition-tab.module.css';

/** The author's text, as it is. */
export function DefinitionTab({ job }: { readonly job: JobDetail }) {
  const maySee = useMay('editor');
  if (!maySee)
    return (
      <Card title="YAML">
        <ForbiddenState what="The text of a job, which can hold passwords," isSmall />
      </Card>
    );
  const lines = job.yaml.replace(/\n$/, '').split('\n');
  return (
    <Card title="YAML" end={<CopyButton text={job.yaml} />}>
      {job.yaml === '' ? (
        <EmptyState title="This job has no text of its own" isSmall>
          It comes from another program's database; editing it gives it one.
        </EmptyState>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text must be scrolled by keyboard
        // biome-ignore lint/a11y/useSemanticElements: a list of lines
        <div className={styles.yaml} tabIndex={0} role="region" aria-label="YAML of the job">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            <div key={index}>
              <span aria-hidden="true">{index + 1}</span>
              <code data-comment={line.trimStart().startsWith('#') || undefined}>{line}</code>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
