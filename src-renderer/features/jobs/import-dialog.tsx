import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Tab,
  TabList,
} from '@fluentui/react-components';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { api, errorText } from '../../lib/api';
import { desktopApi } from '../../lib/desktop-store';
import { plural } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { useDialogParam } from '../../lib/use-dialog-param';
import { notify } from '../../ui/toasts';
import styles from './dialogs.module.css';
import { ImportPreview, type Preview } from './import-preview';
import { previewOf } from './import-preview-data';
import { SourceImport } from './source-import/source-import';
import { SourceOptions } from './source-import/source-options';
import { askSource, readBase64, type SourceGiven, type SourceReply } from './source-import/source-request';
import { type ImportKind, importKinds, kindWords } from './source-import/source-words';

const largest = 10 * 1024 * 1024;

const noFile = { content: undefined, fileName: undefined } as const;

/** Import in two steps: give a file or its text, then see what it would do before it does it. */
export function ImportDialog() {
  const [isOpen, setOpen] = useDialogParam('import');
  const [from, setFrom] = useUrlText('from');
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => setOpen(open)}>
      <DialogSurface className={styles.wide}>
        {isOpen && (
          <ImportBody
            isOpened={from === 'file'}
            onClose={() => {
              if (from !== '') setFrom('');
              setOpen(false);
            }}
          />
        )}
      </DialogSurface>
    </Dialog>
  );
}

function ImportBody({
  isOpened,
  onClose,
}: {
  /** A file was opened with the program, and waits there. */
  readonly isOpened: boolean;
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState<ImportKind>('yaml');
  const [text, setText] = useState('');
  /** Of the file that was opened with the program. */
  const [name, setName] = useState('');
  const [file, setFile] = useState<Pick<SourceGiven, 'content' | 'fileName'>>(noFile);
  const [options, setOptions] = useState({ timezone: '', msdbConnection: '', stepsConnection: '' });
  const [preview, setPreview] = useState<Preview>();
  const [found, setFound] = useState<{ readonly given: SourceGiven; readonly reply: SourceReply }>();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);

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

  const look = (yaml: string, chosen: Pick<SourceGiven, 'content' | 'fileName'> = file) =>
    busy(async () => {
      const isFromServer = kind === 'sql-agent' && options.msdbConnection !== '';
      if (yaml.trim() === '' && chosen.content === undefined && !isFromServer)
        throw new Error('There is nothing to import yet: choose a file or paste its text');
      if (kind === 'yaml') return setPreview(await previewOf(yaml));
      const given: SourceGiven = { source: kind, text: yaml, ...chosen, ...options };
      setFound({ given, reply: await askSource(given, { state: 'disabled', dry_run: true }) });
    });

  const take = (chosen: File | undefined | null) =>
    busy(async () => {
      if (!chosen) return;
      if (chosen.size > largest) throw new Error(`${chosen.name} is larger than 10 MB`);
      if (kind !== 'yaml') {
        const taken = { content: await readBase64(chosen), fileName: chosen.name };
        setFile(taken);
        setText('');
        await look('', taken);
        return;
      }
      setName('');
      const yaml = await chosen.text();
      setText(yaml);
      setPreview(await previewOf(yaml));
    });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    if (!isOpened || !desktopApi) return;
    const ask = desktopApi.takeOpened;
    void busy(async () => {
      const { opened } = await ask({ body: {} });
      if (!opened) return;
      if (opened.yaml === null) throw new Error(opened.problem ?? `${opened.name} can't be read`);
      setName(opened.name);
      setText(opened.yaml);
      setPreview(await previewOf(opened.yaml));
    });
  }, []);

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

  if (found)
    return (
      <DialogBody>
        <DialogTitle>Import from {kindWords[found.given.source].label}</DialogTitle>
        <SourceImport
          given={found.given}
          first={found.reply}
          onBack={() => setFound(undefined)}
          onClose={onClose}
        />
      </DialogBody>
    );
  const changes = preview ? preview.entries.filter(({ kind }) => kind !== 'unchanged').length : 0;
  return (
    <DialogBody>
      <DialogTitle>{preview ? `Import${name && ` ${name}`}: what would happen` : 'Import jobs'}</DialogTitle>
      <DialogContent>
        {preview ? (
          <ImportPreview preview={preview} />
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
          <div className={styles.drop} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
            <TabList
              size="small"
              aria-label="Where the jobs come from"
              selectedValue={kind}
              onTabSelect={(_, { value }) => {
                setKind(value as ImportKind);
                setFile(noFile);
                setProblem('');
              }}
            >
              {importKinds.map((one) => (
                <Tab key={one} value={one}>
                  {kindWords[one].label}
                </Tab>
              ))}
            </TabList>
            <span>{kindWords[kind].hint}</span>
            {kind !== 'yaml' && <SourceOptions source={kind} options={options} onChange={setOptions} />}
            <span>
              <input
                ref={chooser}
                type="file"
                aria-label="File to import"
                accept={kindWords[kind].accept}
                hidden
                onChange={(event) => void take(event.target.files?.[0])}
              />
              <Button onClick={() => chooser.current?.click()}>Choose a file…</Button>
              {file.fileName !== undefined && <span className={styles.chosen}>{file.fileName}</span>}
            </span>
            <textarea
              className={styles.text}
              aria-label={kind === 'yaml' ? 'YAML text' : 'Text to import'}
              placeholder="… or drop it here, or paste its text"
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setFile(noFile);
              }}
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
