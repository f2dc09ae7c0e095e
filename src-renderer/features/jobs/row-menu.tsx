import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { useNavigate } from 'react-router';
import type { JobSummary } from '../../../src-shared/model/job';
import { useMay } from '../../lib/session';
import { duplicateJob } from './duplicate-dialog';
import { actOnJobs, exportJobs, runJob } from './job-actions';

/** Everything that can be done with one job. */
export function RowMenu({ job, isActive }: { readonly job: JobSummary; readonly isActive: boolean }) {
  const navigate = useNavigate();
  const mayRun = useMay('operator');
  const mayEdit = useMay('editor');
  const place = `/jobs/${encodeURIComponent(job.job_id)}`;
  const open = (execution_id: string) => navigate(`/executions/${execution_id}`);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<MoreHorizontalRegular />}
          aria-label={`More for ${job.name}`}
          tabIndex={isActive ? 0 : -1}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {mayRun && (
            <MenuItem
              disabled={!job.enabled || job.disabled_reason !== undefined}
              onClick={() => void runJob(job, open)}
            >
              Run now
            </MenuItem>
          )}
          <MenuItem onClick={() => navigate(place)}>Open</MenuItem>
          <MenuItem onClick={() => navigate(`/executions?job_id=${encodeURIComponent(job.job_id)}`)}>
            Executions
          </MenuItem>
          {mayEdit && (
            <>
              <MenuDivider />
              <MenuItem onClick={() => navigate(`${place}/edit`)}>Edit</MenuItem>
              <MenuItem onClick={() => duplicateJob(job)}>Duplicate…</MenuItem>
              <MenuItem onClick={() => void exportJobs([job.job_id])}>Export</MenuItem>
              <MenuDivider />
              <MenuItem onClick={() => void actOnJobs('delete', [job])}>Delete…</MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
