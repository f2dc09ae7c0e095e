import type { ScheduleStateRecord } from '../../../core/ports/schedule-store';
import type { Ask } from '../write-behind/server-tables';

/**
 * Where intervals without a start count from, for jobs whose schedule is the same on the server: the first machine
 * that says it is right. By job, epoch ms.
 */
export async function agreeOn(
  ask: Ask,
  places: readonly ScheduleStateRecord[],
): Promise<ReadonlyMap<string, number>> {
  const agreed = new Map<string, number>();
  for (const { job_id, anchor, schedule_digest, cursor, schedule } of places) {
    const here = new Date(anchor).toISOString().slice(0, -1);
    await ask(
      `INSERT INTO [dbo].[schedule_state] ([job_id], [anchor], [schedule_digest], [cursor], [schedule])
       SELECT @job, @anchor, @digest, @cursor, @schedule
       WHERE NOT EXISTS (SELECT 1 FROM [dbo].[schedule_state] WHERE [job_id] = @job)`,
      (request) =>
        request
          .input('job', job_id)
          .input('anchor', here)
          .input('digest', schedule_digest)
          .input('cursor', new Date(cursor).toISOString().slice(0, -1))
          .input('schedule', schedule ?? null),
    ).catch((error: { number?: number }) => {
      if (error.number !== 2627 && error.number !== 2601) throw error;
    });
    const [row] = await ask<{ anchor: string; digest: string }>(
      `SELECT CONVERT(nvarchar(30), [anchor], 126) AS [anchor], [schedule_digest] AS [digest]
       FROM [dbo].[schedule_state] WHERE [job_id] = @job`,
      (request) => request.input('job', job_id),
    );
    if (row?.digest === schedule_digest) agreed.set(job_id, Date.parse(`${row.anchor}Z`));
  }
  return agreed;
}
