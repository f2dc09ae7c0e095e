import {
  FluentProvider,
  type Theme,
  teamsHighContrastTheme,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { RouterProvider } from 'react-router/dom';
import { useTheme } from '../lib/theme-store';
import { createRouter } from './router';

const fonts = {
  fontFamilyBase: '"Segoe UI Variable Text", "Segoe UI", system-ui, "Noto Sans", sans-serif',
  fontFamilyMonospace: '"Cascadia Mono", "Cascadia Code", Consolas, "Noto Sans Mono", monospace',
};

const themes: Readonly<Record<'light' | 'dark' | 'contrast', Theme>> = {
  light: { ...webLightTheme, ...fonts },
  dark: { ...webDarkTheme, ...fonts },
  contrast: { ...teamsHighContrastTheme, ...fonts },
};

const router = createRouter();

/** The whole window. */
export function App() {
  const theme = useTheme((state) => state.theme);
  return (
    <FluentProvider theme={themes[theme]} style={{ height: '100%', background: 'var(--page)' }}>
      <RouterProvider router={router} />
    </FluentProvider>
  );
}
