import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src-main/core/jobs/job';
import { createJobRegistry } from '../../../../src-main/core/jobs/job-registry';

describe('the registry of jobs', () => {
  it('still knows the newest run of a job that was deleted and taken back', () => {
    const registry = createJobRegistry();
    const job = { record: { job_id: 'load' } } as unknown as Job;
    registry.put(job);
    registry.noteExecution({
      job_id: 'load',
      execution_id: 7,
      status: 'success',
      start_time: 1,
      end_time: 2,
      duration_seconds: 1,
    });
    registry.remove('load');
    expect(registry.get('load')).toBeUndefined();
    registry.put(job);
    expect(registry.latest('load')?.execution_id).toBe(7);
  });
});
