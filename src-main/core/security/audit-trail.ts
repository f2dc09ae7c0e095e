import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { SecretBox } from '../ports/secret-box';
import type { AuditEntry, AuditRecord, Store } from '../ports/store';
import type { Redactor } from '../secrets/redactor';

/** What a check of the chain found. */
export interface ChainReport {
  readonly is_whole: boolean;
  /** Rows of the chain. */
  readonly rows: number;
  /** Rows of the time before there was a chain: nothing vouches for them. */
  readonly unchained: number;
  /** The first problems, oldest first. `audit_id` is absent where a row is missing at the end. */
  readonly problems: readonly {
    readonly audit_id?: number;
    readonly time?: number;
    readonly message: string;
  }[];
}

/**
 * Who did what, in a chain: every row holds the hash of the one before it, and the newest hash is kept sealed with the
 * key file beside the database. Whoever can write the database but not read the key file can neither alter, insert,
 * take out nor cut off rows without `verify` telling.
 */
export interface AuditTrail {
  append(entry: AuditEntry): Promise<void>;
  verify(): Promise<ChainReport>;
}

const headFact = 'audit_head';
const pageSize = 1000;
const mostProblems = 20;
const mostAttempts = 5;
const mostAtOnce = 200;

/** Ends a transaction whose rows another program's came between. */
class WrittenByAnother extends Error {}

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A text as a column gives it back: cut to its length, without halves of characters and NUL. */
function column(text: string, length: number): string {
  const whole = new TextDecoder().decode(new TextEncoder().encode(text.slice(0, length)));
  return whole.replaceAll('\0', '\u2400');
}

/** What a row's hash is made of: all that it says, and the hash before it. */
function content(previous_hash: string, entry: AuditEntry): string {
  const { time, actor, origin, action, subject, outcome, details } = entry;
  return JSON.stringify([previous_hash, time, actor, origin, action, subject, outcome, details]);
}

export function createAuditTrail(deps: {
  readonly store: Store;
  readonly random: Pick<Random, 'digest'>;
  readonly box: SecretBox;
  readonly redactor: Pick<Redactor, 'value'>;
  readonly logger: Logger;
}): AuditTrail {
  const { digest } = deps.random;
  const waiting: Waiting[] = [];
  let isWriting = false;

  const opened = (sealed: string): string | undefined => {
    try {
      return deps.box.open(sealed);
    } catch (error) {
      deps.logger.error('the sealed end of the audit can not be opened', { error: String(error) });
      return undefined;
    }
  };

  /**
   * What the next row follows: the sealed end, whatever the table shows. Where that is gone, something no row has, so
   * that the break is seen.
   */
  const previousHash = async (store: Store): Promise<string> => {
    const sealed = await store.facts.get(headFact);
    if (sealed !== undefined) return opened(sealed) ?? digest(`unreadable ${sealed}`);
    const last = await store.audit.last();
    return last?.hash ? digest(`missing ${last.hash}`) : '';
  };

  /** All of them, each behind the one before, or none. False when another program has written meanwhile. */
  const write = async (entries: readonly AuditEntry[]): Promise<boolean> => {
    try {
      await deps.store.transaction(async (store) => {
        let previous_hash = await previousHash(store);
        for (const entry of entries) {
          const hash = digest(content(previous_hash, entry));
          if (!(await store.audit.append({ ...entry, previous_hash, hash }))) throw new WrittenByAnother();
          previous_hash = hash;
        }
        await store.facts.set(headFact, deps.box.seal(previous_hash));
      });
      return true;
    } catch (error) {
      if (error instanceof WrittenByAnother) return false;
      throw error;
    }
  };

  const writeSurely = async (entries: readonly AuditEntry[]): Promise<void> => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) if (await write(entries)) return;
    throw new Error('another program writes to the same audit without pause');
  };

  const stored = (given: AuditEntry): AuditEntry => {
    const masked = deps.redactor.value(given);
    // As the columns hold it: what they would cut off must not be in the hash.
    return {
      ...masked,
      actor: column(masked.actor, 255),
      origin: column(masked.origin, 255),
      action: column(masked.action, 100),
      subject: masked.subject === null ? null : column(masked.subject, 255),
    };
  };

  /** Writes what waits, many in one transaction: a flood of calls must not wait for a disk once each. */
  const writeWaiting = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostAtOnce);
      try {
        await writeSurely(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch {
        // One of them may be at fault: each for itself, so that the others are kept.
        for (const { entry, resolve, reject } of batch) await writeSurely([entry]).then(resolve, reject);
      }
    }
    isWriting = false;
  };

  const verify = async (): Promise<ChainReport> => {
    const problems: { audit_id?: number; time?: number; message: string }[] = [];
    const sealed = await deps.store.facts.get(headFact);
    const head = sealed === undefined ? undefined : opened(sealed);
    let [rows, unchained, place, previous] = [0, 0, 0, ''];
    let isHeadSeen = false;
    const look = (row: AuditRecord) => {
      place = row.audit_id;
      if (row.hash === null || row.previous_hash === null) {
        if (rows === 0) unchained += 1;
        else problems.push({ ...placeOf(row), message: 'has no hash: it was put in by another program' });
        return;
      }
      rows += 1;
      if (row.hash !== digest(content(row.previous_hash, row)))
        problems.push({ ...placeOf(row), message: 'was altered: it is not what its hash was made of' });
      else if (row.previous_hash !== previous)
        problems.push({ ...placeOf(row), message: 'does not follow the row before it: rows are missing' });
      previous = row.hash;
      isHeadSeen ||= row.hash === head;
    };
    for (;;) {
      const page = await deps.store.audit.after(place, pageSize);
      for (const row of page) look(row);
      if (page.length < pageSize) break;
    }
    if (rows > 0 && sealed === undefined)
      problems.push({ message: 'the sealed end of the audit is missing' });
    else if (sealed !== undefined && head === undefined)
      problems.push({ message: 'the sealed end of the audit can not be opened with the key file' });
    else if (head !== undefined && !isHeadSeen)
      problems.push({ message: 'the newest rows are missing: the chain ends before its sealed end' });
    return { is_whole: problems.length === 0, rows, unchained, problems: problems.slice(0, mostProblems) };
  };

  return {
    append(entry) {
      return new Promise((resolve, reject) => {
        waiting.push({ entry: stored(entry), resolve, reject });
        if (!isWriting) void writeWaiting();
      });
    },
    verify,
  };
}

function placeOf({ audit_id, time }: AuditRecord) {
  return { audit_id, time };
}
