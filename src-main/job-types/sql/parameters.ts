import { z } from 'zod';
import type { SqlParameter } from '../../core/ports/sql-client';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** T-SQL types that a value can be bound as. */
const typePattern =
  /^(?:bigint|int|smallint|tinyint|bit|float|real|money|smallmoney|date|datetime|smalldatetime|text|ntext|uniqueidentifier|xml|(?:decimal|numeric)(?:\(\s*\d{1,2}\s*(?:,\s*\d{1,2}\s*)?\))?|(?:datetime2|datetimeoffset|time)(?:\(\s*[0-7]\s*\))?|(?:n?char|n?varchar|binary|varbinary)(?:\(\s*(?:\d{1,4}|max)\s*\))?)$/i;

const Typed = z.strictObject({
  type: z
    .string()
    .regex(typePattern, 'is not a type of a parameter; expected int, nvarchar(50), decimal(10,2), date, …')
    .optional(),
  value: scalar.optional(),
  direction: z.enum(['in', 'out', 'inout']).optional().describe('out and inout: for procedures'),
});

/** `query_parameters:` of a job: a value, or a value with its type and direction. */
export const QueryParameters = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not the name of a parameter'),
    z.union([scalar, Typed]),
  )
  .superRefine((parameters, context) => {
    for (const [name, given] of Object.entries(parameters)) {
      if (typeof given !== 'object' || given === null) continue;
      if (given.direction !== undefined && given.direction !== 'in' && given.type === undefined) {
        context.addIssue({
          code: 'custom',
          path: [name, 'type'],
          message: `is needed for a parameter that is ${given.direction}`,
        });
      }
    }
  })
  .describe('values bound to @name or :name in the query, never pasted into its text');
export type QueryParameters = z.infer<typeof QueryParameters>;

/** The parameters as a client binds them. */
export function toSqlParameters(parameters: QueryParameters | undefined): SqlParameter[] {
  return Object.entries(parameters ?? {}).map(([name, given]) => {
    if (typeof given !== 'object' || given === null) return { name, value: given, direction: 'in' };
    const { type, value = null, direction = 'in' } = given;
    return { name, value, direction, ...(type === undefined ? {} : { type }) };
  });
}
