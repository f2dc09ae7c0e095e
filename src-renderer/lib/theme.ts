/** What a person may choose; `system` follows the system, whatever it changes to. */
export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast';
export type ThemeName = Exclude<ThemeChoice, 'system'>;

const key = 'theme';
const choices: readonly ThemeChoice[] = ['system', 'light', 'dark', 'contrast'];

/** The choice of this browser; `system` when there is none, or storage is switched off. */
export function readThemeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(key) as ThemeChoice | null;
    return stored && choices.includes(stored) ? stored : 'system';
  } catch {
    return 'system';
  }
}

export function storeThemeChoice(choice: ThemeChoice): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is left.
  }
}

const query = (text: string) => matchMedia(text);

export function resolveTheme(choice: ThemeChoice): ThemeName {
  if (choice !== 'system') return choice;
  if (query('(prefers-contrast: more)').matches) return 'contrast';
  return query('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Calls back when the system changes its mind. */
export function watchSystemTheme(callback: () => void): () => void {
  const queries = [query('(prefers-contrast: more)'), query('(prefers-color-scheme: dark)')];
  for (const one of queries) one.addEventListener('change', callback);
  return () => {
    for (const one of queries) one.removeEventListener('change', callback);
  };
}

/** The theme where style sheets look for it. */
export function applyDocumentTheme(theme: ThemeName): void {
  document.documentElement.dataset.theme = theme;
}
