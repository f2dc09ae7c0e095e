import { z } from 'zod';
import { CommonJob } from '../../../../src-shared/model/job';
import { isDict, type JobTypeInfo } from './read-job-text';

/** The part of JSON Schema that the editor reads. */
export interface JsonSchema {
  readonly type?: string | string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: JsonSchema[];
  readonly oneOf?: JsonSchema[];
  readonly required?: string[];
}

const asSchema = (value: unknown): JsonSchema => (isDict(value) ? (value as JsonSchema) : {});

let common: JsonSchema | undefined;

/** The keys all types share, by their YAML names. */
function commonProperties(): Record<string, JsonSchema> {
  common ??= asSchema(z.toJSONSchema(CommonJob, { io: 'input', unrepresentable: 'any' }));
  const { job_id, job_type: _, ...rest } = common.properties ?? {};
  return { id: asSchema(job_id), ...rest };
}

/**
 * The JSON Schema of a whole job document for the type it has: one flat object, so that completion offers exactly the
 * keys that fit. An unknown type gets the shared keys alone.
 */
export function jobSchema(types: readonly JobTypeInfo[], type: string): JsonSchema {
  const own = asSchema(types.find((one) => one.type === type)?.schema).properties ?? {};
  const { id = {}, name = {}, ...shared } = commonProperties();
  return {
    type: 'object',
    properties: {
      id,
      name,
      type: { type: 'string', enum: types.map((one) => one.type), description: 'what kind of job it is' },
      ...own,
      ...shared,
    },
    required: ['id', 'type'],
    additionalProperties: false,
  };
}

/** All the shapes a value may have. */
export function shapesOf(schema: JsonSchema): JsonSchema[] {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return choices.length === 0 ? [schema] : choices.flatMap(shapesOf);
}

/** What a schema says of the value at a path; undefined where it knows nothing. */
export function schemaAt(schema: JsonSchema, path: readonly (string | number)[]): JsonSchema | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  for (const shape of shapesOf(schema)) {
    const extra = isDict(shape.additionalProperties) ? asSchema(shape.additionalProperties) : undefined;
    const inner = typeof step === 'number' ? shape.items : (shape.properties?.[step] ?? extra);
    const found = inner && schemaAt(inner, rest);
    if (found) return found;
  }
  return undefined;
}

/** What may be written for a value, in words: "a whole number from 0 to 100". */
export function expectedText(schema: JsonSchema): string {
  const texts = shapesOf(schema).map((shape) => {
    if (shape.enum) return shape.enum.map(String).join(', ');
    if (shape.const !== undefined) return String(shape.const);
    const names: Readonly<Record<string, string>> = {
      string: 'text',
      number: 'a number',
      integer: 'a whole number',
      boolean: 'true or false',
      array: 'a list',
      object: 'a mapping of keys',
      null: 'null',
    };
    const name = names[String(shape.type)] ?? '';
    const { minimum, maximum } = shape;
    const isBounded = (value: number | undefined) => value !== undefined && Math.abs(value) < 1e15;
    if (isBounded(minimum) && isBounded(maximum)) return `${name} from ${minimum} to ${maximum}`;
    return isBounded(minimum) ? `${name}, at least ${minimum}` : name;
  });
  return [...new Set(texts.filter((text) => text !== ''))].join(', or ');
}
