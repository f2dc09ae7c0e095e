import { z } from 'zod';
import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Issue } from '../../../src-shared/model/issue';
import type { ParamValues } from '../../../src-shared/model/params';
import { roleAtLeast } from '../../../src-shared/roles';
import type { Core } from '../../core/core';
import type { Job } from '../../core/jobs/job';
import { jobDetail, jobSummary, usesShell } from '../../core/jobs/job-view';
import type { TemplateSource } from '../../core/ports/jobs-file';
import { executionView } from '../../core/run/execution-view';
import { refuseParams } from '../../core/run/run-params';
import { checkJobTags, mayOnJob } from '../../core/security/rights';
import type { ApiContext } from '../invoke';
import { actorOf, authorOf, basedOn, noteChange, sortOf } from './common';

type JobHandlers = Omit<
  Handlers<AppContract, ApiContext>['jobs'],
  'versions' | 'version' | 'restore' | 'changes' | 'importFrom'
>;

function withWarnings(message: string, warnings: readonly Issue[]): string {
  if (warnings.length === 0) return message;
  return `${message}; ${warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`}: ${warnings[0]?.message}`;
}

/** Saving a job that hands lines to a shell, or runs as somebody else, is worth a word in the audit. */
function noteShell({ record, definition }: Job, context: ApiContext): void {
  if (usesShell(definition.config)) context.note?.(`${record.job_id} runs through the shell (shell: true)`);
  if (definition.run_as !== undefined) context.note?.(`${record.job_id} runs as ${definition.run_as}`);
}

/** How many runs of one request are begun at a time. */
const startedTogether = 20;

/** Jobs over the API: every handler is a call into core and the shape of its answer. */
export function createJobHandlers(core: Core, templates: TemplateSource): JobHandlers {
  const around = (job: Job) => ({
    nextRun: core.scheduler.nextRun(job.record.job_id),
    latest: core.registry.latest(job.record.job_id),
  });
  const detail = (job: Job, { principal }: ApiContext) =>
    jobDetail(job, around(job), core.random.digest, mayOnJob(principal, 'editor', job.definition.tags ?? []));

  const runNow = async (job_id: string, context: ApiContext, force: boolean, given: ParamValues = {}) => {
    const job = core.jobs.get(job_id);
    if (context.principal) checkJobTags(context.principal, job_id, job.definition.tags ?? []);
    if (!job.record.enabled && !force) {
      throw new AppError(
        'conflict',
        `Job "${job_id}" is disabled; enable it, or send {"force": true} to run it once`,
      );
    }
    if (job.disabledReason)
      throw new AppError('conflict', `Job "${job_id}" can't run here: ${job.disabledReason}`);
    refuseParams(job, given);
    return core.queue.runNow({
      job,
      params: given,
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: actorOf(context),
    });
  };

  return {
    async list({ query: { limit, offset, sort, ...filter } }) {
      const found = core.jobList.list(filter, { limit, offset, ...sortOf(sort) });
      return {
        success: true,
        jobs: found.jobs.map((job) => jobSummary(job, around(job))),
        total: found.total,
        limit,
        offset,
      };
    },
    async get({ params }, context) {
      return { success: true, job: detail(core.jobs.get(params.job_id), context) };
    },
    async create({ body }, context) {
      const { job, warnings } = await core.jobs.create(body, authorOf(context));
      noteShell(job, context);
      noteChange(undefined, job, context);
      return {
        success: true,
        job_id: job.record.job_id,
        message: withWarnings('Job created successfully', warnings),
      };
    },
    async update({ params, query, body, ifMatch }, context) {
      const before = core.registry.get(params.job_id);
      const { job, warnings } = await core.jobs.update(
        params.job_id,
        body,
        basedOn(ifMatch, query.expected_modified_date),
        authorOf(context),
      );
      noteShell(job, context);
      noteChange(before, job, context);
      return {
        success: true,
        job_id: params.job_id,
        message: withWarnings('Job updated successfully', warnings),
        job: detail(job, context),
      };
    },
    async remove({ params, ifMatch }, context) {
      const before = core.registry.get(params.job_id);
      await core.jobs.remove(params.job_id, authorOf(context), basedOn(ifMatch));
      noteChange(before, undefined, context);
      return { success: true, job_id: params.job_id, message: 'Job deleted successfully' };
    },
    async run({ params, body }, context) {
      const { execution_id, status } = await runNow(params.job_id, context, body.force ?? false, body.params);
      return {
        success: true,
        execution_id: formatExecutionId(execution_id),
        message: status === 'running' ? 'Job execution started' : 'Job execution queued: all slots are busy',
        status,
      };
    },
    async enable({ params, ifMatch }, context) {
      const before = core.registry.get(params.job_id);
      const job = await core.jobs.setEnabled(params.job_id, true, authorOf(context), basedOn(ifMatch));
      noteChange(before, job, context);
      return { success: true, job_id: params.job_id, message: 'Job enabled', job: detail(job, context) };
    },
    async disable({ params, ifMatch }, context) {
      const before = core.registry.get(params.job_id);
      const job = await core.jobs.setEnabled(params.job_id, false, authorOf(context), basedOn(ifMatch));
      noteChange(before, job, context);
      return { success: true, job_id: params.job_id, message: 'Job disabled', job: detail(job, context) };
    },
    async history({ params, query }) {
      const { job_id } = params;
      const filter = { job_id, status: query.status };
      const total = await core.store.executions.count(filter);
      // A deleted job's history stays readable.
      if (total === 0 && !core.registry.get(job_id)) core.jobs.get(job_id);
      const rows = await core.store.executions.list(filter, {
        limit: query.limit,
        offset: query.offset,
        sort: 'execution_id',
        descending: true,
      });
      const outputs = await core.store.executions.outputs(rows.map((row) => row.execution_id));
      return {
        success: true,
        job_id,
        history: rows.map((row) => executionView({ ...row, output: outputs.get(row.execution_id) ?? null })),
        total,
      };
    },
    async validate({ body }) {
      const issues = [...core.jobImport.validate(body.yaml)];
      return { success: true, valid: issues.every((issue) => issue.severity !== 'error'), issues };
    },
    async testRun({ body }, context) {
      const { execution_id, status } = await core.testRuns.start(
        body.yaml,
        body.params ?? {},
        actorOf(context),
      );
      return {
        success: true,
        execution_id: formatExecutionId(execution_id),
        message: status === 'running' ? 'Test run started' : 'Test run queued: all slots are busy',
        status,
      };
    },
    async import({ query, body }, context) {
      const dryRun = query.dry_run ?? body.dry_run ?? false;
      const before = new Map(core.registry.all().map((job) => [job.record.job_id, job]));
      const { jobs, issues } = await core.jobImport.import(body.yaml, dryRun, authorOf(context));
      for (const { job_id, action } of dryRun ? [] : jobs) {
        const saved = action === 'unchanged' ? undefined : core.registry.get(job_id);
        if (!saved) continue;
        noteShell(saved, context);
        noteChange(before.get(job_id), saved, context);
      }
      const count = (action: string) => jobs.filter((job) => job.action === action).length;
      const counts = { created: count('created'), updated: count('updated'), unchanged: count('unchanged') };
      const verb = dryRun ? 'Nothing saved (dry run); would be' : 'Imported:';
      const message = `${verb} ${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged`;
      return { success: true, dry_run: dryRun, jobs: [...jobs], ...counts, issues: [...issues], message };
    },
    async export({ query }, { principal }) {
      if (!principal || !roleAtLeast(principal.role, 'editor')) {
        throw new AppError('forbidden', 'Exported texts can hold passwords: this needs the role editor');
      }
      const { tags } = principal;
      const tagsOf = (job_id: string) => core.registry.get(job_id)?.definition.tags ?? [];
      for (const job_id of (tags && query.ids) ?? []) checkJobTags(principal, job_id, tagsOf(job_id));
      const own = core.registry.all().map((job) => job.record.job_id);
      const ids = query.ids ?? (tags && own.filter((id) => mayOnJob(principal, 'editor', tagsOf(id))));
      return {
        contentType: 'application/yaml; charset=utf-8',
        body: core.jobImport.export(ids),
        headers: { 'Content-Disposition': 'attachment; filename="jobs.yaml"' },
      };
    },
    async bulk({ body }, context) {
      const { action } = body;
      if (action === 'delete' && !(context.principal && roleAtLeast(context.principal.role, 'editor'))) {
        throw new AppError('forbidden', 'Deleting jobs needs the role editor');
      }
      const act = async (job_id: string): Promise<{ message: string; execution_id?: string }> => {
        const before = core.registry.get(job_id);
        if (action === 'run') {
          const { execution_id } = await runNow(job_id, context, false);
          return { message: 'Job execution started', execution_id: formatExecutionId(execution_id) };
        }
        if (action === 'delete') {
          await core.jobs.remove(job_id, authorOf(context));
          noteChange(before, undefined, context);
          return { message: 'Job deleted' };
        }
        const after = await core.jobs.setEnabled(job_id, action === 'enable', authorOf(context));
        noteChange(before, after, context);
        return { message: action === 'enable' ? 'Job enabled' : 'Job disabled' };
      };
      const attempt = async (job_id: string) => {
        try {
          return { job_id, success: true, ...(await act(job_id)) };
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return { job_id, success: false, message: error.message, code: error.code };
        }
      };
      const job_ids = [...new Set(body.job_ids)];
      // Runs that begin together share a write; what changes jobs is done one after the other, as it is audited.
      const together = action === 'run' ? startedTogether : 1;
      const results: Awaited<ReturnType<typeof attempt>>[] = [];
      for (let from = 0; from < job_ids.length; from += together)
        results.push(...(await Promise.all(job_ids.slice(from, from + together).map(attempt))));
      const failed = results.filter((result) => !result.success).length;
      return { success: failed === 0, results, succeeded: results.length - failed, failed };
    },
    async types() {
      return {
        success: true,
        job_types: [...core.jobTypes.values()].map(({ type, label, configSchema, editor }) => ({
          type,
          label,
          schema: z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
          editor: { code: { ...editor.code }, primary: [...editor.primary] },
        })),
      };
    },
    async templates() {
      const found = await templates.list();
      return {
        success: true,
        templates: found.map((template) => ({
          ...template,
          job_type: /^(?:type|job_type):\s*["']?([a-z]+)/m.exec(template.yaml)?.[1] ?? '',
        })),
      };
    },
  };
}
