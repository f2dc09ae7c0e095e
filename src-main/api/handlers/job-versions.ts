import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { stateOfIfMatch } from '../../../src-shared/job-etag';
import type { Core } from '../../core/core';
import { jobDetail, shownConfiguration, tagsIn } from '../../core/jobs/job-view';
import { mayOnJob } from '../../core/security/rights';
import type { ApiContext } from '../invoke';
import { authorOf, basedOn, noteChange } from './common';

type VersionHandlers = Pick<
  Handlers<AppContract, ApiContext>['jobs'],
  'versions' | 'version' | 'restore' | 'changes'
>;

/** Saved definitions over the API. */
export function createJobVersionHandlers(core: Core): VersionHandlers {
  return {
    async versions({ params: { job_id }, query: { limit, offset } }) {
      const { versions, total } = await core.versions.list(job_id, { limit, offset });
      return { success: true, job_id, versions: [...versions], total, limit, offset };
    },
    async version({ params: { job_id, version } }, { principal }) {
      const found = await core.versions.get(job_id, version);
      const configuration = JSON.parse(found.definition.configuration) as Record<string, unknown>;
      const maySeeText = mayOnJob(principal, 'editor', tagsIn(configuration));
      return {
        success: true,
        job_id,
        version: found.version,
        yaml: maySeeText ? (found.definition.yaml_text ?? '') : '',
        configuration: shownConfiguration(configuration, maySeeText),
      };
    },
    async changes({ params: { job_id }, query }, { principal }) {
      const job = core.jobs.get(job_id);
      const since = /^\d/.test(query.since) ? query.since : stateOfIfMatch(query.since, 'since');
      if (since === undefined || Number.isNaN(Date.parse(since)))
        throw new AppError(
          'validation_failed',
          `since is ${query.since}; expected a modified_date of the job, such as 2026-11-24T08:00:00.000Z, or its ETag`,
        );
      const changed = since !== new Date(job.record.modified_date).toISOString();
      const difference = changed ? await core.differenceSince(job, since) : null;
      // Comments are the author's: those who may not edit get the values alone.
      const maySeeText = mayOnJob(principal, 'editor', job.definition.tags ?? []);
      return {
        success: true,
        job_id,
        changed,
        difference: difference && { ...difference, diff: maySeeText ? difference.diff : '' },
      };
    },
    async restore({ params: { job_id, version }, body, ifMatch }, context) {
      const before = core.registry.get(job_id);
      const { job } = await core.jobs.restore(
        job_id,
        version,
        basedOn(ifMatch, body.expected_modified_date),
        authorOf(context),
      );
      noteChange(before, job, context);
      const newest = await core.versions.newest(job_id);
      return {
        success: true,
        job_id,
        version: newest?.version ?? version,
        message: before
          ? `Job is as it was in version ${version}`
          : `Job is back, as it was in version ${version}`,
        job: jobDetail(
          job,
          { nextRun: core.scheduler.nextRun(job_id), latest: core.registry.latest(job_id) },
          core.random.digest,
          mayOnJob(context.principal, 'editor', job.definition.tags ?? []),
        ),
      };
    },
  };
}
