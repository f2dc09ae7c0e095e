import { z } from 'zod';
import { type Contract, type Operation, operations } from '../../src-shared/contract/operation';
import { type ErrorCode, errorStatus } from '../../src-shared/errors';
import { Issue } from '../../src-shared/model/issue';
import { JobDifference } from '../../src-shared/model/job-difference';

type Json = Record<string, unknown>;

const ErrorSchema = z.object({
  success: z.literal(false),
  error: z.object({
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    issues: z.array(Issue).optional(),
    difference: JobDifference.optional().describe('with conflict: what somebody else saved meanwhile'),
  }),
});

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json;
  return json;
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const json = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required?.includes(name) ?? false),
    ...(typeof property.description === 'string' ? { description: property.description } : {}),
    schema: property,
  }));
}

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'the ETag of the state this is based on: refused with 409, and with what changed since, when somebody else saved meanwhile',
  schema: { type: 'string' },
};

function bodyOf(operation: Operation): Json | undefined {
  if (!operation.body) return undefined;
  const yaml = operation.acceptsYaml ? { 'application/yaml': { schema: { type: 'string' } } } : {};
  return {
    required: operation.bodyOptional !== true,
    content: { 'application/json': { schema: schemaOf(operation.body, 'input') }, ...yaml },
  };
}

function responsesOf(operation: Operation): Json {
  const success = String(operation.status ?? 200);
  const content =
    operation.kind === 'raw'
      ? { 'text/plain': { schema: { type: 'string' } } }
      : operation.kind === 'events'
        ? { 'text/event-stream': { schema: { type: 'string' } } }
        : { 'application/json': { schema: schemaOf(operation.response, 'output') } };
  const codes = new Set<ErrorCode>([...operation.errors, 'internal']);
  if (operation.role !== 'public')
    for (const code of ['unauthenticated', 'forbidden'] as const) codes.add(code);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes)
    byStatus.set(errorStatus[code], [...(byStatus.get(errorStatus[code]) ?? []), code]);
  const refusals = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, names]) => [
      String(status),
      {
        description: names.join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]);
  const headers = operation.etagOf
    ? { ETag: { description: 'the state told of: send it as If-Match', schema: { type: 'string' } } }
    : undefined;
  return {
    [success]: { description: 'Success', ...(headers ? { headers } : {}), content },
    ...Object.fromEntries(refusals),
  };
}

/** The contract as an OpenAPI 3.1 document. `x-role` names the least role of each operation. */
export function createOpenApi(contract: Contract, { version }: { readonly version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const { id, operation } of operations(contract)) {
    const path = operation.path.replace(/:([a-z_]+)/g, '{$1}');
    paths[path] ??= {};
    const requestBody = bodyOf(operation);
    paths[path][operation.method.toLowerCase()] = {
      operationId: id.replace('.', '_'),
      summary: operation.summary,
      tags: [operation.tag],
      'x-role': operation.role,
      parameters: [
        ...parametersOf(operation.params, 'path'),
        ...parametersOf(operation.query, 'query'),
        ...(operation.takesIfMatch ? [ifMatch] : []),
      ],
      ...(requestBody ? { requestBody } : {}),
      responses: responsesOf(operation),
      ...(operation.role === 'public' ? { security: [] } : {}),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Job Scheduler',
      version,
      description: 'Schedules, runs and watches SQL, PowerShell, Python and command jobs.',
    },
    paths,
    security: [{ ApiKey: [] }, { Bearer: [] }],
    components: {
      schemas: { Error: schemaOf(ErrorSchema, 'output') },
      securitySchemes: {
        ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        Bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}
