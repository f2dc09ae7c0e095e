import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Execution, liveStatuses } from '../../../src-shared/model/execution';
import type { JobDetail } from '../../../src-shared/model/job';
import type { JobParams, ParamValues } from '../../../src-shared/model/params';
import { api } from '../../lib/api';
import { copyText } from '../../lib/clipboard';
import { useMay } from '../../lib/session';
import { confirm } from '../../ui/confirm';
import { attempt, notify } from '../../ui/toasts';
import { curlText } from './execution-words';
import { RunAgainDialog } from './run-again-dialog';

async function copy(text: string, what: string): Promise<void> {
  await attempt(async () => {
    await copyText(text);
    notify({ kind: 'success', text: `${what} is on the clipboard` });
  });
}

async function cancel({ execution_id, job_name, status }: Execution): Promise<void> {
  const isRunning = status === 'running';
  const sure = await confirm({
    title: isRunning ? `Cancel this run of ${job_name}?` : `Cancel this waiting run of ${job_name}?`,
    text: isRunning
      ? 'All its processes are ended. What it has done so far stays done.'
      : 'It will not begin. The job itself and its schedule stay as they are.',
    action: 'Cancel the run',
    isDangerous: true,
  });
  if (!sure) return;
  await attempt(
    () => api.executions.cancel({ params: { execution_id } }),
    ({ message }) => ({ kind: 'info', text: message }),
  );
}

/** What can be done with an execution. */
export function ExecutionActions({
  execution,
  job,
}: {
  readonly execution: Execution;
  readonly job: JobDetail | null | undefined;
}) {
  const { job_id, job_name, status, metadata } = execution;
  const mayRun = useMay('operator');
  const mayEdit = useMay('editor');
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const isLive = liveStatuses.includes(status);
  const given = (metadata.params ?? {}) as ParamValues;
  const params = (job?.params ?? {}) as JobParams;
  const hasParams = Object.keys(params).length > 0;

  const run = async (values: ParamValues) => {
    setAsking(false);
    const isOff = job?.enabled === false;
    if (
      isOff &&
      !(await confirm({
        title: `Run ${job_name} although it is disabled?`,
        text: 'It runs once, now. It stays disabled.',
        action: 'Run once',
      }))
    )
      return;
    const body = { ...(isOff ? { force: true } : {}), ...(hasParams ? { params: values } : {}) };
    const started = await attempt(
      () => api.jobs.run({ params: { job_id }, body }),
      ({ message }) => ({ kind: 'success', text: message }),
    );
    if (started) navigate(`/executions/${started.execution_id}`);
  };

  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button>Copy…</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => void copy(location.href, 'The link')}>Copy link</MenuItem>
            <MenuItem
              onClick={() => void copy(curlText(location.origin, job_id, metadata.params), 'The command')}
            >
              Copy as curl
            </MenuItem>
            <MenuItem onClick={() => void copy(execution.execution_id, 'The id')}>Copy id</MenuItem>
            {execution.error_message !== null && (
              <MenuItem onClick={() => void copy(execution.error_message ?? '', 'The error')}>
                Copy error
              </MenuItem>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {!isLive && (
        <Button
          as="a"
          href={`/api/executions/${encodeURIComponent(execution.execution_id)}/bundle`}
          download
          title="All there is about this execution as a zip, secrets masked"
        >
          Bundle
        </Button>
      )}
      {mayEdit && job && (
        <Button onClick={() => navigate(`/jobs/${encodeURIComponent(job_id)}/edit`)}>Edit job</Button>
      )}
      {mayRun && isLive && (
        <Button appearance="primary" onClick={() => void cancel(execution)}>
          Cancel…
        </Button>
      )}
      {mayRun && !isLive && job && (
        <Button appearance="primary" onClick={() => (hasParams ? setAsking(true) : void run({}))}>
          {hasParams ? 'Run again…' : 'Run again'}
        </Button>
      )}
      {isAsking && (
        <RunAgainDialog
          name={job_name}
          params={params}
          given={given}
          onRun={(values) => void run(values)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
