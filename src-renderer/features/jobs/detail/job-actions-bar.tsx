import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Switch,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { useNavigate } from 'react-router';
import type { JobDetail } from '../../../../src-shared/model/job';
import { useMay } from '../../../lib/session';
import { duplicateJob } from '../duplicate-dialog';
import { actOnJobs, exportJobs } from '../job-actions';
import { startRun } from './run-dialog';

/** On or off, run, edit, and what is needed less often. */
export function JobActions({ job }: { readonly job: JobDetail }) {
  const navigate = useNavigate();
  const mayRun = useMay('operator');
  const mayEdit = useMay('editor');
  const remove = async () => {
    if (await actOnJobs('delete', [job])) navigate('/jobs');
  };
  return (
    <>
      {mayRun && (
        <Switch
          checked={job.enabled}
          label={job.enabled ? 'On' : 'Off'}
          onChange={() => void actOnJobs(job.enabled ? 'disable' : 'enable', [job])}
        />
      )}
      {mayEdit && (
        <Button onClick={() => navigate(`/jobs/${encodeURIComponent(job.job_id)}/edit`)}>Edit</Button>
      )}
      {mayRun && (
        <Button
          appearance="primary"
          disabled={job.disabled_reason !== undefined}
          title={job.disabled_reason}
          onClick={() => startRun(job, (execution_id) => navigate(`/executions/${execution_id}`))}
        >
          {'params' in job && job.params ? 'Run…' : 'Run'}
        </Button>
      )}
      {mayEdit && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<MoreHorizontalRegular />} aria-label="More" />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => duplicateJob(job)}>Duplicate…</MenuItem>
              <MenuItem onClick={() => void exportJobs([job.job_id])}>Export</MenuItem>
              <MenuDivider />
              <MenuItem onClick={() => void remove()}>Delete…</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </>
  );
}
