import { join } from 'node:path';
import { z } from 'zod';
import { SecretKeeper } from '../../../src-shared/desktop-contract';
import { createSmallFile } from './small-file';

const Preferences = z.object({
  /** Somebody was told that closing the window does not end the program. */
  told_about_tray: z.boolean().default(false),
  serving: z
    .object({ on: z.boolean(), port: z.number().int().min(0).max(65_535).optional() })
    .default({ on: false }),
  /** Absent until the first start has decided. */
  secret_keeper: SecretKeeper.optional(),
});
export type Preferences = z.infer<typeof Preferences>;

/** What the desktop application remembers of its own settings, in its data folder. */
export interface PreferenceStore {
  readonly current: Preferences;
  change(changes: Partial<Preferences>): void;
}

export function createPreferences(dataFolder: string): PreferenceStore {
  const file = createSmallFile(join(dataFolder, 'desktop.json'), Preferences);
  let current = file.read() ?? Preferences.parse({});
  return {
    get current() {
      return current;
    },
    change(changes) {
      current = { ...current, ...changes };
      file.write(current);
    },
  };
}
