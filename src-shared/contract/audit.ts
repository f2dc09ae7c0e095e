import { z } from 'zod';
import { operation } from './operation';
import { ok, paging, queryInstant, queryInteger, queryList, search } from './query';

const filter = {
  actor: search.optional().describe('part of who did it'),
  action: queryList(z.string().regex(/^[A-Za-z]{1,40}(\.[A-Za-z]{1,40})?$/, 'expected jobs.update, or jobs'))
    .optional()
    .describe('operations, or groups of them'),
  subject: z.string().max(255).optional().describe('the id of a job, a connection, a user'),
  outcome: queryList(z.enum(['ok', 'refused', 'failed'])).optional(),
  from: queryInstant.optional(),
  to: queryInstant.optional().describe('exclusive'),
  search: search.optional(),
};

/** One row of the audit. */
export const AuditRow = z.object({
  audit_id: z.number().int(),
  time: z.string(),
  actor: z.string(),
  origin: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  outcome: z.string(),
  details: z.unknown().describe('what was asked and what it changed; secrets masked'),
  hash: z.string().nullable().describe('null in rows of the time before the chain'),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** The audit; in the contract its operations stand among those of security. */
export const audit = {
  audit: operation({
    method: 'GET',
    path: '/api/audit',
    role: 'admin',
    tag: 'Security',
    summary: 'Who did what, newest first',
    query: z.strictObject({ ...paging, limit: queryInteger(1, 1000).default(100), ...filter }),
    response: z.object({
      success: ok,
      audit: z.array(AuditRow),
      total: z.number().int(),
      limit: z.number().int(),
      offset: z.number().int(),
    }),
    errors: ['validation_failed'],
  }),
  exportAudit: operation({
    method: 'GET',
    path: '/api/audit/export',
    role: 'admin',
    tag: 'Security',
    summary: 'The audit, or what a filter finds of it, as a file',
    query: z.strictObject({ format: z.enum(['csv', 'json']).default('csv'), ...filter }),
    response: z.string(),
    kind: 'raw',
    errors: ['validation_failed'],
  }),
  verifyAudit: operation({
    method: 'GET',
    path: '/api/audit/verify',
    role: 'admin',
    tag: 'Security',
    summary: 'Check that no row of the audit was altered, put in or taken out',
    response: z.object({
      success: ok,
      is_whole: z.boolean(),
      rows: z.number().int().describe('rows of the chain'),
      unchained: z.number().int().describe('older rows, from before there was a chain'),
      problems: z.array(
        z.object({
          audit_id: z.number().int().nullable(),
          time: z.string().nullable(),
          message: z.string(),
        }),
      ),
      message: z.string(),
    }),
    errors: ['unavailable'],
  }),
};
