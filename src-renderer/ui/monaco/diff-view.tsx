import { useEffect, useRef } from 'react';
import { useTheme } from '../../lib/theme-store';
import { monaco } from './monaco';
import { editorTheme } from './themes';

/** Two texts beside each other with what differs marked; inline where there is little room. */
export function DiffView({
  label,
  before,
  after,
  onChange,
}: {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Makes the right side editable. */
  readonly onChange?: (text: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const texts = useRef({ before, after, onChange });
  texts.current = { before, after, onChange };
  const shown = useRef<monaco.editor.IDiffEditorModel>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; texts are told to its models below
  useEffect(() => {
    if (!box.current) return;
    const original = monaco.editor.createModel(texts.current.before, 'yaml');
    const modified = monaco.editor.createModel(texts.current.after, 'yaml');
    const editor = monaco.editor.createDiffEditor(box.current, {
      theme: editorTheme(useTheme.getState().theme),
      automaticLayout: true,
      readOnly: texts.current.onChange === undefined,
      originalEditable: false,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontFamily: 'var(--mono)',
      fontSize: 13,
      lineHeight: 20,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 640,
      originalAriaLabel: `${label}: before`,
      modifiedAriaLabel: `${label}: after`,
      hideUnchangedRegions: { enabled: true },
      renderOverviewRuler: false,
      links: false,
    });
    editor.setModel({ original, modified });
    shown.current = { original, modified };
    const listening = modified.onDidChangeContent(() => texts.current.onChange?.(modified.getValue()));
    return () => {
      listening.dispose();
      shown.current = undefined;
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, []);

  useEffect(() => {
    const models = shown.current;
    if (models && models.original.getValue() !== before) models.original.setValue(before);
    if (models && models.modified.getValue() !== after) models.modified.setValue(after);
  }, [before, after]);

  return <div ref={box} style={{ width: '100%', height: '100%' }} />;
}
