import { create } from 'zustand';
import { type Role, roleAtLeast } from '../../src-shared/roles';
import { api } from './api';

interface Session {
  readonly name: string;
  readonly role: Role;
  readonly kind: 'key' | 'session' | 'local';
  /** Null for who came in otherwise than by name and password. */
  readonly user_id: string | null;
  readonly isKnown: boolean;
  load(): Promise<void>;
}

/** Who uses this window, and what they may do. The server decides; this only spares them refused clicks. */
export const useSession = create<Session>((set) => ({
  name: '',
  role: 'viewer',
  kind: 'session',
  user_id: null,
  isKnown: false,
  async load() {
    const { name, role, kind, user_id } = await api.security.session({});
    set({ name, role, kind, user_id, isKnown: true });
  },
}));

/** Whether the caller has at least this role: `const mayRun = useMay('operator')`. */
export function useMay(role: Role): boolean {
  return useSession((session) => roleAtLeast(session.role, role));
}

/** Ends the session; the login page is next. */
export async function logOut(): Promise<void> {
  await fetch('/api/logout', { method: 'POST' });
  location.assign('/login');
}
