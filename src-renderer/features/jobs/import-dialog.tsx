import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { type DragEvent, useRef, useState } from 'react';
import { api, errorText } from '../../lib/api';
import { plural } from '../../lib/time-text';
import { useDialogParam } from '../../lib/use-dialog-param';
import { notify } from '../../ui/toasts';
import styles from './dialogs.module.css';
import { ImportPreview, type Preview } from './import-preview';
import { previewOf } from './import-preview-data';

const largest = 10 * 1024 * 1024;

/** Import in two steps: give a file or its text, then see what it would do before it does it. */
export function ImportDialog() {
  const [isOpen, setOpen] = useDialogParam('import');
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => setOpen(open)}>
      <DialogSurface className={styles.wide}>
        {isOpen && <ImportBody onClose={() => setOpen(false)} />}
      </DialogSurface>
    </Dialog>
  );
}

function ImportBody({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);

  const busy = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await work();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  const look = (yaml: string) =>
    busy(async () => {
      if (yaml.trim() === '')
        throw new Error('There is nothing to import yet: choose a file or paste its text');
      setPreview(await previewOf(yaml));
    });

  const take = (chosen: File | undefined | null) =>
    busy(async () => {
      if (!chosen) return;
      if (chosen.size > largest) throw new Error(`${chosen.name} is larger than 10 MB`);
      const yaml = await chosen.text();
      setText(yaml);
      setPreview(await previewOf(yaml));
    });

  const save = () =>
    busy(async () => {
      const reply = await api.jobs.import({ body: { yaml: text } });
      notify({ kind: 'success', text: reply.message });
      onClose();
    });

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };

  const changes = preview ? preview.entries.filter(({ kind }) => kind !== 'unchanged').length : 0;
  return (
    <DialogBody>
      <DialogTitle>{preview ? 'Import: what would happen' : 'Import jobs'}</DialogTitle>
      <DialogContent>
        {preview ? (
          <ImportPreview preview={preview} />
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
          <div className={styles.drop} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
            <span>
              A jobs file (YAML), or one job. Nothing is saved before you have seen what it would do.
            </span>
            <span>
              <input
                ref={file}
                type="file"
                accept=".yaml,.yml,text/yaml,application/yaml"
                hidden
                onChange={(event) => void take(event.target.files?.[0])}
              />
              <Button onClick={() => file.current?.click()}>Choose a file…</Button>
            </span>
            <textarea
              className={styles.text}
              aria-label="YAML text"
              placeholder="… or drop it here, or paste its text"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        )}
        {problem !== '' && (
          <p role="alert" style={{ color: 'var(--status-failed)', marginTop: 8, overflowWrap: 'anywhere' }}>
            {problem}
          </p>
        )}
      </DialogContent>
      <DialogActions>
        {preview ? (
          <>
            <Button
              appearance="primary"
              disabled={isBusy || preview.isRefused || changes === 0}
              onClick={() => void save()}
            >
              {changes === 0 ? 'Nothing to import' : `Import ${plural(changes, 'job')}`}
            </Button>
            <Button onClick={() => setPreview(undefined)}>Back to the text</Button>
          </>
        ) : (
          <Button appearance="primary" disabled={isBusy} onClick={() => void look(text)}>
            Preview
          </Button>
        )}
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </DialogBody>
  );
}
