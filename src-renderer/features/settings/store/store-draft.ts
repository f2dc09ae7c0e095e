import type { StoreServer } from '../../../../src-shared/model/store';

/** What stands in the form; a server is made of it when something is done with it. */
export interface StoreDraft {
  readonly way: 'fields' | 'string';
  readonly connection_string: string;
  readonly server: string;
  readonly port: string;
  readonly database: string;
  readonly login: 'sql' | 'windows';
  readonly username: string;
  readonly password: string;
  readonly encrypt: boolean;
  readonly trust: boolean;
}

export const emptyDraft: StoreDraft = {
  way: 'fields',
  connection_string: '',
  server: '',
  port: '',
  database: '',
  login: 'sql',
  username: '',
  password: '',
  encrypt: true,
  trust: false,
};

export type DraftProblems = Partial<Record<keyof StoreDraft, string>>;

/** What is missing, by field; nothing when it can be tried. */
export function problemsOf(draft: StoreDraft): DraftProblems {
  if (draft.way === 'string')
    return draft.connection_string.trim() === '' ? { connection_string: 'Paste a connection string' } : {};
  const problems: { -readonly [K in keyof DraftProblems]: DraftProblems[K] } = {};
  if (draft.server.trim() === '') problems.server = 'Which machine?';
  if (draft.database.trim() === '') problems.database = 'Which database? It must exist already';
  if (
    draft.port !== '' &&
    !(/^\d{1,5}$/.test(draft.port) && Number(draft.port) >= 1 && Number(draft.port) <= 65_535)
  )
    problems.port = 'expected 1-65535';
  if (draft.login === 'sql' && draft.username.trim() === '') problems.username = 'Who logs in?';
  return problems;
}

/** The server as the API takes it. */
export function serverOf(draft: StoreDraft): StoreServer {
  if (draft.way === 'string') return { connection_string: draft.connection_string.trim() };
  const { login, encrypt, trust: trust_server_certificate } = draft;
  return {
    server: draft.server.trim(),
    database: draft.database.trim(),
    encrypt,
    trust_server_certificate,
    ...(draft.port === '' ? {} : { port: Number(draft.port) }),
    ...(login === 'windows'
      ? { trusted_connection: true }
      : {
          username: draft.username.trim(),
          ...(draft.password === '' ? {} : { password: draft.password }),
        }),
  };
}

export function sizeText(bytes: number | null): string | undefined {
  if (bytes === null) return undefined;
  const mb = bytes / 1_048_576;
  return mb < 0.1
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}
