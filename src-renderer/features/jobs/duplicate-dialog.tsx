import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { create } from 'zustand';
import type { JobSummary } from '../../../src-shared/model/job';
import { api, errorText } from '../../lib/api';
import { notify } from '../../ui/toasts';

type Named = Pick<JobSummary, 'job_id' | 'name'>;
const useDuplicate = create<{ readonly job: Named | undefined }>(() => ({ job: undefined }));

/** Asks for the copy's name and id, and makes it. */
export function duplicateJob(job: Named): void {
  useDuplicate.setState({ job });
}

/** `orders_sync` -> `orders_sync_copy`, within the 50 characters an id may have. */
export function copyId(job_id: string): string {
  return `${job_id.slice(0, 45)}_copy`;
}

export function DuplicateDialog() {
  const { job } = useDuplicate();
  const close = () => useDuplicate.setState({ job: undefined });
  return (
    <Dialog open={job !== undefined} onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface>{job && <DuplicateBody key={job.job_id} job={job} onClose={close} />}</DialogSurface>
    </Dialog>
  );
}

function DuplicateBody({ job, onClose }: { readonly job: Named; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState(`${job.name} (copy)`.slice(0, 255));
  const [id, setId] = useState(copyId(job.job_id));
  const [problem, setProblem] = useState('');
  const save = async () => {
    setProblem('');
    try {
      // The parser of job documents is large, and needed here only when a copy is made.
      const [{ editJobDocument }, { job: whole }] = await Promise.all([
        import('../../../src-shared/job-document'),
        api.jobs.get({ params: { job_id: job.job_id } }),
      ]);
      const yaml = editJobDocument(whole.yaml, { job_id: id, name, enabled: false });
      await api.jobs.create({ body: { yaml } });
      notify({ kind: 'success', text: `“${name}” was made, disabled until you enable it` });
      onClose();
      navigate(`/jobs/${encodeURIComponent(id)}`);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <DialogBody>
        <DialogTitle>Duplicate “{job.name}”</DialogTitle>
        <DialogContent>
          <Field label="Name" required>
            <Input value={name} onChange={(_, data) => setName(data.value)} />
          </Field>
          <Field
            label="Id"
            required
            hint="Letters, digits, _ . -; it stays as it is"
            validationMessage={problem || undefined}
            style={{ marginTop: 12 }}
          >
            <Input value={id} onChange={(_, data) => setId(data.value.trim())} maxLength={50} />
          </Field>
        </DialogContent>
        <DialogActions>
          <Button appearance="primary" type="submit">
            Duplicate
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}
