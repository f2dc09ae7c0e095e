import { api } from '../../../lib/api';
import { useMay } from '../../../lib/session';
import { useLoaded } from '../../../lib/use-loaded';
import { attempt } from '../../../ui/toasts';
import styles from './job-page.module.css';

/** For a deleted job: its last definition comes back. Nothing for a job that never was. */
export function BringBack({ job_id, onBack }: { readonly job_id: string; readonly onBack: () => void }) {
  const mayEdit = useMay('editor');
  const { data } = useLoaded(() => api.jobs.versions({ params: { job_id }, query: { limit: 1 } }), job_id);
  const newest = data?.versions[0];
  if (!mayEdit || !newest) return null;
  const restore = async () => {
    const { version } = newest;
    const restored = await attempt(
      () => api.jobs.restore({ params: { job_id, version } }),
      ({ job }) => ({ kind: 'success', text: `“${job.name}” is back, as it was in version ${version}` }),
    );
    if (restored) onBack();
  };
  return (
    <button type="button" className={styles.linkButton} onClick={() => void restore()}>
      Bring it back
    </button>
  );
}
