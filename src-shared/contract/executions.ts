import { z } from 'zod';
import { Artifact, ArtifactName } from '../model/artifact';
import { Execution, ExecutionStatus, ExecutionSummary, ExecutionTrigger } from '../model/execution';
import { ExecutionId, JobId } from '../model/ids';
import { OutputLine, OutputStreamName } from '../model/output';
import { operation } from './operation';
import { ok, paging, queryInstant, queryInteger, queryList, querySort, search } from './query';

const params = z.strictObject({ execution_id: ExecutionId });

export const executions = {
  list: operation({
    method: 'GET',
    path: '/api/executions',
    role: 'viewer',
    tag: 'Executions',
    summary: 'List all executions, newest first',
    query: z.strictObject({
      ...paging,
      sort: querySort([
        'execution_id',
        'start_time',
        'end_time',
        'duration_seconds',
        'status',
        'job_id',
        'job_name',
        'scheduled_time',
      ]).default('-start_time'),
      job_id: JobId.optional(),
      status: queryList(ExecutionStatus).optional(),
      trigger: ExecutionTrigger.optional(),
      type: z.string().min(1).max(50).optional(),
      from: queryInstant.optional(),
      to: queryInstant.optional(),
      search: search.optional(),
    }),
    response: z.object({
      success: ok,
      executions: z.array(ExecutionSummary),
      total: z.number().int(),
      limit: z.number().int(),
      offset: z.number().int(),
    }),
    errors: ['validation_failed'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/executions/:execution_id',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Get execution details',
    params,
    response: z.object({ success: ok, execution: Execution }),
    errors: ['not_found'],
  }),
  cancel: operation({
    method: 'POST',
    path: '/api/executions/:execution_id/cancel',
    role: 'operator',
    tag: 'Executions',
    summary: 'End a running execution with all its processes, or a waiting one',
    params,
    body: z.strictObject({}),
    bodyOptional: true,
    response: z.object({
      success: ok,
      execution_id: z.string(),
      status: ExecutionStatus,
      message: z.string(),
    }),
    errors: ['not_found', 'conflict'],
  }),
  output: operation({
    method: 'GET',
    path: '/api/executions/:execution_id/output',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Output bytes from `offset`, or the last `tail` bytes; the sizes are in X-Output-* headers',
    params,
    query: z.strictObject({
      offset: queryInteger(0, Number.MAX_SAFE_INTEGER).optional(),
      limit: queryInteger(1, 16 * 1024 * 1024).optional(),
      tail: queryInteger(1, 16 * 1024 * 1024).optional(),
    }),
    response: z.string(),
    kind: 'raw',
    errors: ['validation_failed', 'not_found'],
  }),
  artifacts: operation({
    method: 'GET',
    path: '/api/executions/:execution_id/artifacts',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Files that the execution left: reports, notebooks, what its program wrote to ARTIFACTS_DIR',
    params,
    response: z.object({ success: ok, execution_id: z.string(), artifacts: z.array(Artifact) }),
    errors: ['not_found'],
  }),
  artifact: operation({
    method: 'GET',
    path: '/api/executions/:execution_id/artifacts/:name',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Download one of these files',
    params: z.strictObject({ execution_id: ExecutionId, name: ArtifactName }),
    response: z.string(),
    kind: 'raw',
    errors: ['validation_failed', 'not_found'],
  }),
  outputLines: operation({
    method: 'GET',
    path: '/api/executions/:execution_id/output/lines',
    role: 'viewer',
    tag: 'Executions',
    summary:
      'Output by lines from `from` (counted from 1), or the last `tail` lines, with their stream and time',
    params,
    query: z.strictObject({
      from: queryInteger(1, 1_000_000_000_000).optional(),
      limit: queryInteger(1, 2000).optional().describe('500 unless said'),
      tail: queryInteger(1, 2000).optional(),
    }),
    response: z.object({
      success: ok,
      lines: z.array(OutputLine).describe('fewer than asked for at the end, and where lines are long'),
      total_lines: z.number().int(),
      size: z.number().int().describe('bytes that were counted; live output goes on from here'),
      complete: z.boolean().describe('the execution has ended: nothing will be added'),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
  searchOutput: operation({
    method: 'GET',
    path: '/api/executions/:execution_id/output/search',
    role: 'viewer',
    tag: 'Executions',
    summary: 'Numbers of the output lines that hold a text (case ignored), or that a stream wrote',
    params,
    query: z.strictObject({
      text: search.optional(),
      stream: OutputStreamName.optional(),
      limit: queryInteger(1, 100_000).optional().describe('10000 unless said'),
    }),
    response: z.object({
      success: ok,
      lines: z.array(z.number().int()).describe('ascending, as many as asked for'),
      total: z.number().int().describe('all lines that hold it'),
    }),
    errors: ['validation_failed', 'not_found'],
  }),
};
