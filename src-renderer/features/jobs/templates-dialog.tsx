import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../../lib/api';
import { useDialogParam } from '../../lib/use-dialog-param';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import styles from './dialogs.module.css';

type Template = Awaited<ReturnType<typeof api.jobs.templates>>['templates'][number];

/** Jobs to begin from; choosing one opens it in the editor, saved only there. */
export function TemplatesDialog() {
  const [isOpen, setOpen] = useDialogParam('templates');
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => setOpen(open)}>
      <DialogSurface className={styles.wide}>
        <DialogBody>
          <DialogTitle>Begin with a template</DialogTitle>
          <DialogContent>{isOpen && <Gallery />}</DialogContent>
          <DialogActions>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Gallery() {
  const navigate = useNavigate();
  const [templates, setTemplates] = useState<readonly Template[]>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    api.jobs.templates({}).then((reply) => setTemplates(reply.templates), setError);
  }, []);
  if (error) return <ErrorState what="The templates" error={error} isSmall />;
  if (!templates) return <SkeletonRows count={3} />;
  if (templates.length === 0)
    return (
      <EmptyState title="No templates here" isSmall>
        Files in jobs/templates appear in this gallery.
      </EmptyState>
    );
  return (
    <div className={styles.gallery}>
      {templates.map((template) => (
        <button
          key={template.name}
          type="button"
          className={styles.template}
          onClick={() => navigate(`/jobs/new?template=${encodeURIComponent(template.name)}`)}
        >
          <b>{template.title}</b>
          <span className={styles.soft}>{template.description}</span>
          <span className={styles.soft}>{template.job_type}</span>
        </button>
      ))}
    </div>
  );
}
