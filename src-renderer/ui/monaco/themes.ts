import type * as Monaco from 'monaco-editor/editor/editor.api';
import type { ThemeName } from '../../lib/theme';

/** Monaco's name of a theme of ours. */
export const editorTheme = (theme: ThemeName): string => `job-scheduler-${theme}`;

interface Palette {
  readonly base: 'vs' | 'vs-dark' | 'hc-black';
  readonly key: string;
  readonly text: string;
  readonly number: string;
  readonly comment: string;
  readonly keyword: string;
  readonly colors: Readonly<Record<string, string>>;
}

/** The colours of app/global.css, which Monaco can't read: it draws on its own. */
const palettes: Readonly<Record<ThemeName, Palette>> = {
  light: {
    base: 'vs',
    key: '0F4F9E',
    text: '9B1C1C',
    number: '0B6A5B',
    comment: '2E6B2E',
    keyword: '0F4F9E',
    colors: {
      'editor.background': '#ffffff',
      'editor.foreground': '#1b1b1b',
      'editorLineNumber.foreground': '#6e6e6e',
      'editorLineNumber.activeForeground': '#1b1b1b',
      'editor.lineHighlightBackground': '#f5f5f5',
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.border': '#e0e0e0',
      'editorHoverWidget.background': '#ffffff',
      'editorHoverWidget.border': '#e0e0e0',
      'editorWidget.background': '#ffffff',
      'editorError.foreground': '#c50f1f',
      'editorWarning.foreground': '#9a5f00',
      focusBorder: '#0f6cbd',
    },
  },
  dark: {
    base: 'vs-dark',
    key: '7AB8F5',
    text: 'F0A58F',
    number: 'A5D6A0',
    comment: '86B981',
    keyword: 'C5A8F5',
    colors: {
      'editor.background': '#262626',
      'editor.foreground': '#ffffff',
      'editorLineNumber.foreground': '#a0a0a0',
      'editorLineNumber.activeForeground': '#ffffff',
      'editor.lineHighlightBackground': '#2e2e2e',
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': '#2b2b2b',
      'editorWidget.border': '#3a3a3a',
      'editorHoverWidget.background': '#2b2b2b',
      'editorHoverWidget.border': '#3a3a3a',
      'editorError.foreground': '#f1707b',
      'editorWarning.foreground': '#e8ac3a',
      focusBorder: '#62abf5',
    },
  },
  contrast: {
    base: 'hc-black',
    key: '1AEBFF',
    text: 'FFFFFF',
    number: '3FF23F',
    comment: 'FFFF00',
    keyword: 'D9B8FF',
    colors: { 'editor.background': '#000000', 'editor.foreground': '#ffffff', focusBorder: '#1aebff' },
  },
};

/** Makes Monaco know the window's three themes. */
export function defineThemes({ editor }: Pick<typeof Monaco, 'editor'>): void {
  for (const [name, palette] of Object.entries(palettes)) {
    editor.defineTheme(editorTheme(name as ThemeName), {
      base: palette.base,
      inherit: true,
      rules: [
        { token: 'type', foreground: palette.key },
        { token: 'string', foreground: palette.text },
        // The base theme has its own colour for these, and the more exact name wins.
        { token: 'string.yaml', foreground: palette.text },
        { token: 'string.sql', foreground: palette.text },
        { token: 'keyword.yaml', foreground: palette.keyword },
        { token: 'predefined.sql', foreground: palette.key },
        { token: 'operator.sql', foreground: palette.keyword },
        { token: 'number', foreground: palette.number },
        { token: 'comment', foreground: palette.comment },
        { token: 'keyword', foreground: palette.keyword },
      ],
      colors: { ...palette.colors },
    });
  }
}
