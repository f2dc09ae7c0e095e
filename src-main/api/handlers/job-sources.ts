import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import type { Core } from '../../core/core';
import type { ProofSlot } from '../../core/import-sources/proof';
import type { SourceImportJob } from '../../core/import-sources/source-import';
import { decodeSource } from '../../core/import-sources/source-text';
import { briefIso, localIso } from '../../core/schedule/local-time';
import { zoneOf } from '../../core/schedule/zone';
import type { ApiContext } from '../invoke';
import { authorOf, noteChange } from './common';

function shown({ job_id, converted, action, isEnabled, yaml, issues, proof }: SourceImportJob) {
  const zone = zoneOf(converted.timezone);
  const slot = ({ at, isTheirs, isOurs }: ProofSlot) => ({
    scheduled_time: briefIso(at),
    local_time: localIso(at, zone),
    theirs: isTheirs,
    ours: isOurs,
  });
  return {
    job_id,
    name: converted.name,
    place: converted.place,
    action,
    enabled_there: converted.isEnabledThere,
    enabled: isEnabled,
    incomplete: converted.isIncomplete,
    yaml,
    maps: [...converted.maps],
    unmapped: [...converted.unmapped],
    issues: [...issues],
    timezone: converted.timezone,
    fire_times: proof.slots.map(slot),
    clock_changes: proof.clockChanges.map(slot),
    differing: proof.differing,
  };
}

/** Jobs of other schedulers over the API. */
export function createJobSourceHandlers(
  core: Core,
): Pick<Handlers<AppContract, ApiContext>['jobs'], 'importFrom'> {
  return {
    async importFrom({ params: { source }, body: { text, content_base64, ...body } }, context) {
      if (text !== undefined && content_base64 !== undefined)
        throw new AppError(
          'validation_failed',
          'text and content_base64 are both given; expected one of them',
        );
      const given = text ?? (content_base64 === undefined ? undefined : decodeSource(content_base64));
      const { connection_id, steps_connection } = body;
      if (source !== 'sql-agent' && (connection_id ?? steps_connection) !== undefined)
        throw new AppError(
          'validation_failed',
          `connection_id and steps_connection are for sql-agent; the source is ${source}`,
        );
      if (given !== undefined && connection_id !== undefined)
        throw new AppError(
          'validation_failed',
          'A file and connection_id are both given; expected one of them',
        );
      if (given === undefined && connection_id === undefined)
        throw new AppError(
          'validation_failed',
          `text is missing; expected the file's text, or content_base64${source === 'sql-agent' ? ', or connection_id' : ''}`,
        );
      const before = new Map(core.registry.all().map((job) => [job.record.job_id, job]));
      const request = {
        timezone: undefined,
        connection_id: undefined,
        steps_connection: undefined,
        job_ids: undefined,
        from: undefined,
        ...body,
        text: given,
      };
      const result = await core.sourceImport.run(source, request, authorOf(context), context.signal);
      for (const { job_id } of body.dry_run ? [] : result.jobs)
        noteChange(before.get(job_id), core.registry.get(job_id), context);
      const count = (action: SourceImportJob['action']) =>
        result.jobs.filter((job) => job.action === action).length;
      const counts = {
        created: count('created'),
        updated: count('updated'),
        unchanged: count('unchanged'),
        refused: count('refused'),
      };
      const verb = body.dry_run ? 'Nothing saved (dry run); would be' : 'Imported:';
      const refused = counts.refused > 0 ? `, ${counts.refused} refused` : '';
      return {
        success: true,
        source,
        dry_run: body.dry_run,
        jobs: result.jobs.map(shown),
        left_out: [...result.leftOut],
        notes: [...result.notes],
        ...counts,
        message: `${verb} ${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged${refused}`,
      };
    },
  };
}
