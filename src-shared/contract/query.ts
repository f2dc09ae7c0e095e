import { z } from 'zod';

/** Query strings carry text; IPC carries values. These schemas read both and refuse anything else. */
export function queryInteger(minimum: number, maximum: number) {
  const expected = `expected a whole number from ${minimum} to ${maximum}`;
  return z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?[0-9]{1,15}$/, expected)
        .transform(Number),
    ])
    .pipe(z.number().int(expected).min(minimum, expected).max(maximum, expected));
}

export const queryBoolean = z.union([
  z.boolean(),
  z
    .enum(['true', 'false', '1', '0'], 'expected true or false')
    .transform((text) => text === 'true' || text === '1'),
]);

/** `a,b,c` or a list, as a list. */
export function queryList<S extends z.ZodType<unknown, string>>(item: S) {
  return z
    .union([
      z.string().transform((text) => text.split(',').filter((part) => part !== '')),
      z.array(z.string()),
    ])
    .pipe(z.array(item).max(1000));
}

/** An instant: ISO 8601 with zone or `Z`, or a date alone (00:00 UTC). Becomes epoch milliseconds. */
export const queryInstant = z.union([
  z.number().int(),
  z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/,
      'expected an instant such as 2026-11-24T08:00:00Z',
    )
    .transform((text) => Date.parse(text))
    .refine((instant) => !Number.isNaN(instant), 'is not a date that exists'),
]);

/** `sort=name` upward, `sort=-name` downward. Only the named columns are known; those of `oneWay` have no "-". */
export function querySort<const K extends string, const O extends string = never>(
  keys: readonly K[],
  oneWay: readonly O[] = [],
) {
  const spellings = [...keys.flatMap((key) => [key, `-${key}`] as const), ...oneWay] as [
    K | `-${K}` | O,
    ...(K | `-${K}` | O)[],
  ];
  const also = oneWay.length > 0 ? `, or ${oneWay.join(', ')}` : '';
  return z.enum(spellings, `expected one of ${keys.join(', ')}, with "-" in front for downward${also}`);
}

export const paging = {
  limit: queryInteger(1, 1000).default(100),
  offset: queryInteger(0, 1_000_000_000).default(0),
};

export const search = z.string().max(200, 'is longer than 200 characters');
export const ok = z.literal(true);
