import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, errorText } from '../../lib/api';
import { plural } from '../../lib/time-text';
import { useLoaded } from '../../lib/use-loaded';
import { Notice } from '../../ui/notice';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import dialogs from './dialogs.module.css';
import type { MissedJob } from './missed';
import styles from './scheduler.module.css';

type CatchUp = Awaited<ReturnType<typeof api.schedule.catchUp>>;
type Mode = 'each' | 'latest';

const mostShown = 100;

function ask(job: MissedJob, mode: Mode, dry_run: boolean): Promise<CatchUp> {
  return api.schedule.catchUp({
    params: { job_id: job.job_id },
    body: {
      from: new Date(job.first).toISOString(),
      // The end is not itself included: one second behind the last slot.
      to: new Date(job.last + 1000).toISOString(),
      mode,
      dry_run,
    },
  });
}

function Slots({ answer }: { readonly answer: CatchUp }) {
  return (
    <div className={dialogs.slots}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Planned for</th>
            <th scope="col">{answer.dry_run ? 'Would' : 'Result'}</th>
          </tr>
        </thead>
        <tbody>
          {answer.slots.slice(0, mostShown).map((slot) => (
            <tr key={slot.scheduled_time} data-off={slot.action === 'leave' || undefined}>
              <td className={styles.when}>
                <TimeText instant={slot.scheduled_time} absolute />
              </td>
              <td>
                {slot.action === 'run' ? '✓ run' : '– be left'}
                {slot.execution_id && (
                  <>
                    {' '}
                    <Link to={`/executions/${slot.execution_id}`}>{slot.execution_id}</Link>
                  </>
                )}
                <span className={styles.sub}>{slot.reason}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.slots.length > mostShown && (
        <p className={styles.foot}>and {answer.slots.length - mostShown} more</p>
      )}
    </div>
  );
}

/** First shows what would run; only then runs it, and shows what became of it. */
export function CatchUpDialog({
  job,
  onClose,
  onDone,
}: {
  readonly job: MissedJob;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [mode, setMode] = useState<Mode>('latest');
  const [result, setResult] = useState<CatchUp>();
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const plan = useLoaded(() => ask(job, mode, true), mode);
  const isStale = plan.data !== undefined && plan.error !== undefined;

  const run = async () => {
    setBusy(true);
    try {
      setResult(await ask(job, mode, false));
      onDone();
    } catch (error) {
      setRefusal(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  const toRun = plan.data?.to_run ?? 0;
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>
            Catch up <span dir="auto">{job.name}</span>
          </DialogTitle>
          <DialogContent className={dialogs.dialog}>
            {refusal && <Notice tone="error">{refusal}</Notice>}
            {result ? (
              <>
                <Notice tone="success">{result.message}</Notice>
                <Slots answer={result} />
              </>
            ) : (
              <>
                <Field label="Run">
                  <RadioGroup
                    layout="horizontal"
                    value={mode}
                    onChange={(_, { value }) => setMode(value as Mode)}
                  >
                    <Radio value="latest" label="once, for the latest" />
                    <Radio value="each" label="each missed one, one after the other" />
                  </RadioGroup>
                </Field>
                {plan.error && (!plan.data || isStale) ? (
                  <ErrorState what="The plan" error={plan.error} onRetry={plan.reload} isSmall />
                ) : !plan.data ? (
                  <SkeletonRows count={3} rowHeight={32} />
                ) : (
                  <>
                    <p>{plan.data.message}</p>
                    <Slots answer={plan.data} />
                  </>
                )}
              </>
            )}
          </DialogContent>
          <DialogActions>
            {result ? (
              <Button appearance="primary" onClick={onClose}>
                Close
              </Button>
            ) : (
              <>
                <Button
                  appearance="primary"
                  disabled={isBusy || toRun === 0 || isStale}
                  onClick={() => void run()}
                >
                  {toRun === 0 ? 'Nothing to run' : `Start ${plural(toRun, 'run')}`}
                </Button>
                <Button onClick={onClose}>Cancel</Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
