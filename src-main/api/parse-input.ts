import type { z } from 'zod';
import type { NamedOperation } from '../../src-shared/contract/operation';
import { AppError } from '../../src-shared/errors';
import { keysAt } from '../../src-shared/job-document/schema-keys';
import { issuesInWords } from '../../src-shared/job-document/zod-words';
import type { Issue } from '../../src-shared/model/issue';
import { secretName } from '../core/security/audit-changes';
import type { RawInput } from './raw-input';

/** What a handler gets. */
export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifMatch?: string;
}

const parts = ['params', 'query', 'body'] as const;

function toIssues(
  part: string,
  { error, schema }: { readonly error: z.ZodError; readonly schema: z.ZodType },
  given: unknown,
  isSensitive: boolean,
): Issue[] {
  const thing = part === 'query' ? 'parameter' : 'field';
  const words = issuesInWords(error.issues, given, part === 'body' ? [] : [part], schema);
  const known = keysAt(schema, []);
  return words.map(({ path, issue, expected }) => {
    const isUnknown = expected.startsWith('unknown key');
    const hint =
      isUnknown && part === 'query' && !expected.includes('did you mean') && known.length > 0
        ? `; expected ${known.join(', ')}`
        : '';
    // What was not sent gives nothing away.
    const isMissing = issue.message === `${issue.path} is missing; ${expected}`;
    const isSecret =
      !isUnknown && !isMissing && (isSensitive || path.some((step) => secretName.test(String(step))));
    const text = isSecret
      ? `${issue.path || part} can't be taken: ${expected}`
      : issue.message.replace('unknown key', `unknown ${thing}`);
    // A problem of the body as a whole has no path of its own.
    return {
      ...issue,
      path: issue.path || part,
      message: text.replace(/^the job is/, `the ${part} is`) + hint,
    };
  });
}

/** Keys that reach into objects' prototypes have no meaning in any request (negative test S44). */
function refusePrototypeKeys(value: unknown, path: string, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > 64)
    throw new AppError('validation_failed', `${path.split('.', 1)[0]} is nested deeper than 64 levels`);
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      throw new AppError('validation_failed', `${path} holds the key "${key}", which is not allowed`);
    }
    refusePrototypeKeys(child, `${path}.${key}`, depth + 1);
  }
}

function ifMatchOf({ operation, id }: NamedOperation, { ifMatch }: RawInput): string | undefined {
  if (ifMatch === undefined) return undefined;
  if (typeof ifMatch !== 'string')
    throw new AppError('validation_failed', `If-Match is ${typeof ifMatch}; expected a text`);
  // Saying nothing would let somebody believe that nobody else's change can be lost.
  if (!operation.takesIfMatch)
    throw new AppError('validation_failed', `${id} can't be made to depend on a state: leave out If-Match`);
  return ifMatch;
}

/**
 * Reads the parts of a call by the schemas of its operation. Throws `validation_failed`, with an issue for each problem.
 */
export function parseInput(named: NamedOperation, raw: RawInput): ParsedInput {
  const parsed: Record<string, unknown> = { params: {}, query: {}, body: {} };
  const issues: Issue[] = [];
  for (const part of parts) {
    const schema = named.operation[part];
    const given = raw[part] ?? (part === 'body' && !named.operation.bodyOptional ? undefined : {});
    refusePrototypeKeys(given, part);
    if (!schema) {
      const extra = Object.keys((given as object) ?? {})[0];
      if (extra !== undefined) {
        issues.push({
          path: `${part}.${extra}`,
          message: `unknown ${part === 'query' ? 'parameter' : 'field'} "${extra}"`,
          severity: 'error',
        });
      }
      continue;
    }
    const result = schema.safeParse(given);
    if (result.success) parsed[part] = result.data;
    else if (given === undefined) {
      issues.push({ path: 'body', message: 'expected a JSON body; none was sent', severity: 'error' });
    } else {
      // What is confidential stands in a body: addresses are shown in logs and histories anyway.
      const isSensitive = named.operation.isSensitive === true && part === 'body';
      issues.push(...toIssues(part, { error: result.error, schema }, given, isSensitive));
    }
  }
  const [first] = issues;
  if (first) {
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    throw new AppError('validation_failed', `${first.message}${more}`, { issues });
  }
  const ifMatch = ifMatchOf(named, raw);
  return {
    params: parsed.params,
    query: parsed.query,
    body: parsed.body,
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
}
