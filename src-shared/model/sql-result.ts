import { z } from 'zod';

/** What a column of a result holds, as far as grids and reports need to know. `unknown`: any value, told by itself. */
export const ResultColumnType = z.enum([
  'text',
  'integer',
  'decimal',
  'float',
  'boolean',
  'date',
  'time',
  'datetime',
  'instant',
  'binary',
  'unknown',
]);
export type ResultColumnType = z.infer<typeof ResultColumnType>;

export const ResultColumn = z.object({
  name: z.string().describe('as the query gave it; may be empty, and may occur twice'),
  type: ResultColumnType,
});
export type ResultColumn = z.infer<typeof ResultColumn>;

/**
 * A value as JSON can carry it. Numbers that a double does not hold exactly come as text with every digit, dates as
 * `2026-11-24 08:30:00.123`, instants with `Z`, bytes as `0x00ff`; null is NULL.
 */
export const ResultCell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type ResultCell = z.infer<typeof ResultCell>;

/** The first rows of one result set. */
export const ResultPreview = z.object({
  columns: z.array(ResultColumn),
  rows: z.array(z.array(ResultCell)).describe('one value a column, in the order of `columns`'),
  row_count: z.number().int().describe('all rows of the result, not only those shown'),
  column_count: z.number().int().describe('all columns of the result, not only those shown'),
  truncated: z.boolean().describe('rows, columns or long values were left out'),
});
export type ResultPreview = z.infer<typeof ResultPreview>;

/** PRINT, RAISERROR, warnings and errors of the server, in order. */
export const SqlMessage = z.object({
  text: z.string(),
  severity: z
    .number()
    .int()
    .optional()
    .describe('the class of SQL Server: 0-10 information, from 11 an error'),
  number: z.number().int().optional(),
  line: z.number().int().optional().describe('in the query as a whole, counted from 1'),
  procedure: z.string().optional().describe('where the line counts from, when not the query itself'),
});
export type SqlMessage = z.infer<typeof SqlMessage>;

/** What an SQL run leaves in `metadata` of its execution. Lists and events leave `results` out. */
export const SqlRunMetadata = z.object({
  results: z.array(ResultPreview).describe('the first result sets'),
  result_count: z.number().int().describe('all result sets, not only those shown'),
  row_count: z.number().int(),
  rows_affected: z.number().int(),
  warnings: z.array(z.string()).optional(),
  reports: z.array(z.object({ path: z.string(), bytes: z.number().int() })).optional(),
  output_parameters: z.record(z.string(), ResultCell).optional(),
  return_value: z.number().int().optional(),
});
export type SqlRunMetadata = z.infer<typeof SqlRunMetadata>;

/** The result sets that an execution's metadata holds; none for executions of other types, or older ones. */
export function resultsOf(metadata: Readonly<Record<string, unknown>>): ResultPreview[] {
  const found = z.array(ResultPreview).safeParse(metadata.results);
  return found.success ? found.data : [];
}

/** What an execution's metadata warns of. */
export function warningsOf(metadata: Readonly<Record<string, unknown>>): string[] {
  const found = z.array(z.string()).safeParse(metadata.warnings);
  return found.success ? found.data : [];
}
