import { configureMonacoYaml } from 'monaco-yaml';
import { monaco } from '../../../ui/monaco/monaco';
import type { JobSchemaSource, YamlLanguageSource } from './yaml-source';

const owner = 'job';

const settings = (schema: JobSchemaSource) => ({
  completion: true,
  // Our own parser finds the issues, with better words; our own hover knows the next runs.
  validate: false,
  hover: false,
  format: { enable: false },
  enableSchemaRequest: false,
  schemas: [{ fileMatch: ['**/*.yaml'], uri: 'job-scheduler://job', schema: schema as object }],
});

const plain = (value: string) => ({ value, isTrusted: false, supportHtml: false });

/** Completion, hover, issues and quick fixes for the job in `model`; everything ends with `dispose`. */
export function attachYaml(model: monaco.editor.ITextModel, source: YamlLanguageSource) {
  const yaml = configureMonacoYaml(monaco as never, settings(source.schema()));
  const isOurs = (other: monaco.editor.ITextModel) => other === model;
  const rangeOf = (start: number, end: number) =>
    monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));

  const hover = monaco.languages.registerHoverProvider('yaml', {
    provideHover(other, position) {
      if (!isOurs(other)) return undefined;
      const paragraphs = source.hover(model.getOffsetAt(position));
      return paragraphs ? { contents: paragraphs.map(plain) } : undefined;
    },
  });

  const actions = monaco.languages.registerCodeActionProvider('yaml', {
    provideCodeActions(other, range) {
      const none = { actions: [], dispose: () => undefined };
      if (!isOurs(other)) return none;
      const found = source.fixes(
        model.getOffsetAt(range.getStartPosition()),
        model.getOffsetAt(range.getEndPosition()),
      );
      return {
        ...none,
        actions: found.map(({ fix, isFirst }) => ({
          title: fix.title,
          kind: 'quickfix',
          isPreferred: isFirst,
          diagnostics: monaco.editor
            .getModelMarkers({ owner, resource: model.uri })
            .filter((marker) => monaco.Range.areIntersectingOrTouching(marker, range)),
          edit: {
            edits: fix.changes.map((change) => ({
              resource: model.uri,
              versionId: undefined,
              textEdit: { range: rangeOf(change.start, change.end), text: change.text },
            })),
          },
        })),
      };
    },
  });

  return {
    showIssues() {
      const markers = source.issues().map((issue) => {
        const range = rangeOf(issue.start, issue.end);
        return {
          severity: issue.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
          message: issue.message,
          startLineNumber: range.startLineNumber,
          startColumn: range.startColumn,
          endLineNumber: range.endLineNumber,
          endColumn: range.endColumn,
        };
      });
      monaco.editor.setModelMarkers(model, owner, markers);
    },
    showSchema() {
      void yaml.update(settings(source.schema()));
    },
    dispose() {
      const language: unknown = yaml;
      for (const one of [hover, actions, language as monaco.IDisposable]) one.dispose();
    },
  };
}
