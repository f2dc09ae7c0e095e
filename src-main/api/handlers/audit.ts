import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { AuditFilter, AuditRecord } from '../../core/ports/store';
import { auditCsv, auditCsvHead } from '../../core/security/audit-csv';
import type { ApiContext } from '../invoke';

type AuditHandlers = Pick<
  Handlers<AppContract, ApiContext>['security'],
  'audit' | 'exportAudit' | 'verifyAudit'
>;

const pageSize = 1000;

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    // A row written by hand; shown as it is.
    return text;
  }
}

function view({ previous_hash: _previous, ...row }: AuditRecord) {
  return { ...row, time: new Date(row.time).toISOString(), details: parsed(row.details) };
}

/** The audit over the API. */
export function createAuditHandlers(core: Core): AuditHandlers {
  /** Page by page, up to now: what is added meanwhile shifts nothing. */
  async function* allRows(filter: AuditFilter): AsyncGenerator<readonly AuditRecord[]> {
    const to = filter.to ?? core.clock.now();
    const total = await core.store.audit.count({ ...filter, to });
    for (let offset = 0; offset < total; offset += pageSize) {
      const rows = await core.store.audit.list({ limit: pageSize, offset }, { ...filter, to });
      if (rows.length === 0) return;
      yield rows;
    }
  }

  async function* asCsv(filter: AuditFilter): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    yield encoder.encode(auditCsvHead);
    for await (const rows of allRows(filter)) yield encoder.encode(auditCsv(rows));
  }

  async function* asJson(filter: AuditFilter): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    let begin = '[\n';
    for await (const rows of allRows(filter)) {
      yield encoder.encode(begin + rows.map((row) => JSON.stringify(view(row))).join(',\n'));
      begin = ',\n';
    }
    yield encoder.encode(begin === '[\n' ? '[]\n' : '\n]\n');
  }

  return {
    async audit({ query: { limit, offset, ...filter } }) {
      const [rows, total] = await Promise.all([
        core.store.audit.list({ limit, offset }, filter),
        core.store.audit.count(filter),
      ]);
      return { success: true, audit: rows.map(view), total, limit, offset };
    },
    async exportAudit({ query: { format, ...filter } }) {
      const day = new Date(core.clock.now()).toISOString().slice(0, 10);
      return {
        contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
        body: format === 'csv' ? asCsv(filter) : asJson(filter),
        headers: { 'Content-Disposition': `attachment; filename="audit-${day}.${format}"` },
      };
    },
    async verifyAudit() {
      const { problems, ...report } = await core.audit.verify();
      return {
        success: true,
        ...report,
        problems: problems.map(({ audit_id, time, message }) => ({
          audit_id: audit_id ?? null,
          time: time === undefined ? null : new Date(time).toISOString(),
          message,
        })),
        message: report.is_whole
          ? `The audit is whole: ${report.rows} rows follow one another unaltered`
          : `The audit is NOT whole: ${problems[0]?.message}`,
      };
    },
  };
}
