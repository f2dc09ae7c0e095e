import { create } from 'zustand';
import {
  applyDocumentTheme,
  readThemeChoice,
  resolveTheme,
  storeThemeChoice,
  type ThemeChoice,
  type ThemeName,
  watchSystemTheme,
} from './theme';

interface ThemeState {
  readonly choice: ThemeChoice;
  /** What the choice comes to now. */
  readonly theme: ThemeName;
  choose(choice: ThemeChoice): void;
}

/** Light, dark or high contrast: the person's choice, else the system's, followed live. */
export const useTheme = create<ThemeState>((set) => ({
  choice: readThemeChoice(),
  theme: resolveTheme(readThemeChoice()),
  choose(choice) {
    storeThemeChoice(choice);
    set({ choice, theme: resolveTheme(choice) });
  },
}));

useTheme.subscribe(({ theme }) => applyDocumentTheme(theme));
applyDocumentTheme(useTheme.getState().theme);
watchSystemTheme(() => useTheme.setState(({ choice }) => ({ theme: resolveTheme(choice) })));
