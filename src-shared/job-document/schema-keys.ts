import type { z } from 'zod';

type Path = readonly (string | number)[];

/** The fields of zod's definitions that lead inside; which of them there are depends on the kind. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
}

const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** The schema itself, or what it wraps: optional, default, pipe, lazy, each branch of a union. */
function unwrapped(schema: z.ZodType): readonly z.ZodType[] {
  const { innerType, options, in: input, getter } = definitionOf(schema);
  if (options) return options.flatMap(unwrapped);
  const inner = innerType ?? input ?? getter?.();
  return inner ? unwrapped(inner) : [schema];
}

/** The keys that a mapping at a place inside a schema may have; none where it has no keys of its own. */
export function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const [step, ...rest] = path;
  const found = unwrapped(schema).flatMap((one): readonly string[] => {
    const { shape, element, valueType } = definitionOf(one);
    if (step === undefined) return Object.keys(shape ?? {});
    // A document's keys may be anything, `constructor` too.
    const own = shape && Object.hasOwn(shape, step) ? shape[step] : undefined;
    const next = own ?? element ?? valueType;
    return next ? keysAt(next, rest) : [];
  });
  return [...new Set(found)];
}
