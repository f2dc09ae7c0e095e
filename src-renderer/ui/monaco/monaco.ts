// The one place that loads Monaco: a chunk of its own, fetched when an editor is first shown. Its workers are files of
// this server (the pages' policy allows no others), and only the languages that jobs hold are in it.
import * as monaco from 'monaco-editor/editor/editor.api';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/bat/register';
import 'monaco-editor/languages/definitions/powershell/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/sql/register';
import 'monaco-editor/languages/definitions/yaml/register';
import { defineThemes } from './themes';

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };
defineThemes(monaco);

export { monaco };
