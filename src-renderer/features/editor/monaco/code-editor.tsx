import { useEffect, useRef } from 'react';
import { useTheme } from '../../../lib/theme-store';
import { monaco } from '../../../ui/monaco/monaco';
import { editorTheme } from '../../../ui/monaco/themes';
import { bringTo } from './edit-model';
import { attachYaml } from './yaml-language';
import type { YamlLanguageSource } from './yaml-source';

export interface CodeEditorProps {
  readonly label: string;
  readonly language: string;
  readonly value: string;
  readonly isReadOnly?: boolean;
  /** What a reader of a read-only text is told when typing. */
  readonly readOnlyReason?: string;
  onChange?(value: string): void;
  /** Esc, when it closes nothing inside the editor: the keyboard's way out. */
  onEscape?(): void;
  /** Ctrl+Enter. */
  onRun?(): void;
  onCursor?(place: { readonly line: number; readonly column: number }): void;
  /** Hands out the live editor's handle, and undefined when it goes. */
  onReady?(handle: EditorHandle | undefined): void;
  /** For the job's own document: completion, hover, issues, quick fixes. */
  readonly yaml?: YamlLanguageSource;
}

export interface EditorHandle {
  focus(): void;
  /** Puts the cursor there, in view. */
  goTo(line: number, column: number): void;
  showIssues(): void;
  showSchema(): void;
}

let models = 0;

/** Monaco as a component. The value goes both ways; a value from outside arrives as one step that can be undone. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, language, value, isReadOnly = false, readOnlyReason } = props;
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const modelRef = useRef<monaco.editor.ITextModel>(undefined);
  const editorRef = useRef<monaco.editor.IStandaloneCodeEditor>(undefined);
  const theme = useTheme((state) => state.theme);

  useEffect(() => {
    monaco.editor.setTheme(editorTheme(theme));
  }, [theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once for its language; everything else is told to it
  useEffect(() => {
    if (!box.current) return;
    models += 1;
    const extension = language === 'yaml' ? 'yaml' : 'txt';
    const uri = monaco.Uri.parse(`inmemory://job/${models}.${extension}`);
    const model = monaco.editor.createModel(latest.current.value, language, uri);
    const editor = monaco.editor.create(box.current, {
      model,
      theme: editorTheme(useTheme.getState().theme),
      ariaLabel: `${label}. Press Esc to leave the editor.`,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontFamily: 'var(--mono)',
      fontSize: 13,
      lineHeight: 20,
      tabSize: language === 'yaml' ? 2 : 4,
      insertSpaces: true,
      detectIndentation: language !== 'yaml',
      renderLineHighlight: 'line',
      lineNumbersMinChars: 4,
      padding: { top: 8, bottom: 8 },
      fixedOverflowWidgets: true,
      quickSuggestions: { other: true, comments: false, strings: true },
      scrollbar: { alwaysConsumeMouseWheel: false },
      stickyScroll: { enabled: false },
      unicodeHighlight: { ambiguousCharacters: false },
      occurrencesHighlight: 'off',
      overviewRulerBorder: false,
      links: false,
      readOnly: isReadOnly,
    });
    const { yaml } = latest.current;
    const attached = yaml && attachYaml(model, yaml);
    attached?.showIssues();
    const listening = [
      model.onDidChangeContent(() => latest.current.onChange?.(model.getValue())),
      editor.onDidChangeCursorPosition(({ position }) =>
        latest.current.onCursor?.({ line: position.lineNumber, column: position.column }),
      ),
      editor.addAction({
        id: 'leave',
        label: 'Leave the editor',
        keybindings: [monaco.KeyCode.Escape],
        precondition:
          '!suggestWidgetVisible && !findWidgetVisible && !parameterHintsVisible && !editorHasSelection && !editorHasMultipleSelections && !inSnippetMode && !codeActionMenuVisible && !editorHoverVisible && !markersNavigationVisible && !renameInputVisible',
        run: () => latest.current.onEscape?.(),
      }),
      editor.addAction({
        id: 'run',
        label: 'Run',
        keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
        run: () => latest.current.onRun?.(),
      }),
    ];
    modelRef.current = model;
    editorRef.current = editor;
    latest.current.onReady?.({
      focus: () => editor.focus(),
      goTo(line, column) {
        editor.setPosition({ lineNumber: line, column });
        editor.revealLineInCenterIfOutsideViewport(line);
        editor.focus();
      },
      showIssues: () => attached?.showIssues(),
      showSchema: () => attached?.showSchema(),
    });
    return () => {
      latest.current.onReady?.(undefined);
      for (const one of listening) one?.dispose();
      attached?.dispose();
      editor.dispose();
      model.dispose();
    };
  }, [language]);

  useEffect(() => {
    if (modelRef.current) bringTo(modelRef.current, value);
  }, [value]);

  useEffect(() => {
    editorRef.current?.updateOptions({
      readOnly: isReadOnly,
      ...(readOnlyReason ? { readOnlyMessage: { value: readOnlyReason } } : {}),
    });
  }, [isReadOnly, readOnlyReason]);

  return <div ref={box} style={{ width: '100%', height: '100%' }} />;
}
