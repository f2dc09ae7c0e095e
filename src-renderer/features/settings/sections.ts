import type { Role } from '../../../src-shared/roles';
import { desktop } from '../../lib/desktop';

export type SectionId =
  | 'appearance'
  | 'desktop'
  | 'notifications'
  | 'users'
  | 'sessions'
  | 'keys'
  | 'secrets'
  | 'store'
  | 'values'
  | 'audit'
  | 'about';

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  /** Further words it is found by. */
  readonly words: string;
  readonly role: Role;
}

const all: readonly Section[] = [
  {
    id: 'appearance',
    title: 'Appearance',
    words: 'theme dark light contrast density time zone format clock',
    role: 'viewer',
  },
  {
    id: 'notifications',
    title: 'Notifications',
    words:
      'mail e-mail smtp slack teams webhook toast event log channels outbox test heartbeat alert who is told',
    role: 'operator',
  },
  {
    id: 'desktop',
    title: 'This computer',
    words: 'desktop login start tray serve browser rest api port key safe storage folder update',
    role: 'admin',
  },
  {
    id: 'store',
    title: 'Storage',
    words: 'database sql server sqlite embedded store history jobs move connection odbc where kept restart',
    role: 'admin',
  },
  { id: 'users', title: 'Users', words: 'people password login role tags access', role: 'admin' },
  { id: 'sessions', title: 'Sessions', words: 'login logged in sign out browser', role: 'viewer' },
  {
    id: 'keys',
    title: 'API keys',
    words: 'token login role revoke create access scopes expiry',
    role: 'admin',
  },
  { id: 'secrets', title: 'Secrets', words: 'password credentials value', role: 'editor' },
  {
    id: 'values',
    title: 'Configuration',
    words: 'retention logging scheduler timezone pool port host database defaults environment file options',
    role: 'admin',
  },
  { id: 'audit', title: 'Audit', words: 'who did what history changes log', role: 'admin' },
  {
    id: 'about',
    title: 'About',
    words: 'version licences data folder address api documentation metrics openapi',
    role: 'viewer',
  },
];

/** The parts of the settings page, in order; what only the desktop application has, only in its window. */
export const sections: readonly Section[] = all.filter(({ id }) => id !== 'desktop' || desktop !== undefined);
