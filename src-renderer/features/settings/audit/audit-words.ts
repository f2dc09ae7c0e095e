import type { AuditRow } from '../../../../src-shared/contract/audit';
import { contract } from '../../../../src-shared/contract/index';
import { operations } from '../../../../src-shared/contract/operation';

/** What a row holds beside who and what. */
export interface AuditDetails {
  readonly changes: readonly {
    readonly subject: string;
    readonly fields: readonly {
      readonly path: string;
      readonly before?: unknown;
      readonly after?: unknown;
    }[];
  }[];
  readonly notes: readonly string[];
  /** Why it was refused or failed. */
  readonly error: string;
  /** What was sent along, secrets masked. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const words: Readonly<Record<string, string>> = {
  'http.refused': 'Request from elsewhere refused',
  'security.login': 'Log in',
  'security.logout': 'Log out',
  'jobs.synchronise': 'Jobs file taken in',
  ...Object.fromEntries(operations(contract).map(({ id, operation }) => [id, operation.summary])),
};

/** The operation in words: the first of its summary. */
export function actionWords(action: string): string {
  return words[action]?.split(/[;:,(]/, 1)[0]?.trim() ?? action;
}

/** `user:u1 (anna)` is anna to a person. */
export function nameOf(actor: string): string {
  return /\((.+)\)$/.exec(actor)?.[1] ?? actor;
}

export const outcomeWords: Readonly<Record<string, string>> = {
  ok: '✓ Done',
  refused: '– Refused',
  failed: '✕ Failed',
};

const isDict = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the details of a row; rows of other programs may hold anything. */
export function detailsOf({ details }: AuditRow): AuditDetails {
  const { changes, notes, error, reason, ...rest } = isDict(details) ? details : {};
  return {
    changes: Array.isArray(changes) ? (changes as AuditDetails['changes']) : [],
    notes: Array.isArray(notes) ? notes.map(String) : [],
    error: String(error ?? reason ?? ''),
    rest: isDict(details) || details === null ? rest : { details },
  };
}

/** One line of what happened: the first change, or why not. */
export function summaryOf(row: AuditRow): string {
  const { changes, notes, error } = detailsOf(row);
  if (error !== '') return error;
  const fields = changes.flatMap((change) => change.fields.map((field) => field.path));
  const named = fields.slice(0, 4).join(', ');
  const more = fields.length > 4 ? ` and ${fields.length - 4} more` : '';
  return fields.length > 0 ? `${named}${more}` : (notes[0] ?? '');
}

/** What it was about: its id, and the name it has beside that. */
export function subjectOf(row: AuditRow): string {
  const fields = detailsOf(row).changes.flatMap((change) => change.fields);
  const named = fields.find(({ path }) => path === 'login_name' || path === 'name');
  const name = named?.after ?? named?.before;
  const id = row.subject ?? row.action;
  return typeof name === 'string' && name !== id ? `${name} · ${id}` : id;
}

/** A value as a person reads it. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? '');
}

/** Groups of operations to filter by. */
export const groupOptions = [...Object.keys(contract), 'http'].map((value) => ({
  value,
  label: value === 'http' ? 'refused requests' : value,
}));
