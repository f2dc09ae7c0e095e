import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src-main/core/jobs/job';
import { createJobLister } from '../../../../src-main/core/jobs/job-list';
import type { JobRegistry } from '../../../../src-main/core/jobs/job-registry';

interface Given {
  readonly id: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
}

/** A lister over jobs of which only texts are looked at. */
function listerOf(given: readonly Given[]) {
  const jobs = given.map(
    ({ id, name = id, tags, description }) =>
      ({
        record: { job_id: id, name, job_type: 'command', enabled: true },
        definition: { tags, description },
      }) as unknown as Job,
  );
  const registry = { all: () => jobs, version: 1, latest: () => undefined } as unknown as JobRegistry;
  return createJobLister(registry, () => undefined);
}

function find(given: readonly Given[], search: string, limit = 100): string[] {
  return listerOf(given)
    .list({ search }, { limit, offset: 0, sort: 'relevance', descending: false })
    .jobs.map(({ record }) => record.job_id);
}

describe('a search for jobs by relevance', () => {
  it('puts the exact name or id first, then names, ids, tags and descriptions', () => {
    const given: Given[] = [
      { id: 'a1', name: 'Zeta', description: 'runs after the load of the day' },
      { id: 'a2', name: 'Yota', tags: ['workload'] },
      { id: 'a3', name: 'Xi', tags: ['load'] },
      { id: 'reload_x', name: 'Upsilon' },
      { id: 'load_y', name: 'Tau' },
      { id: 'a6', name: 'Reload customers' },
      { id: 'a7', name: 'Nightly load' },
      { id: 'a8', name: 'Load customers' },
      { id: 'a9', name: 'LOAD' },
      { id: 'load', name: 'Beta' },
      { id: 'none', name: 'Nothing' },
    ];
    const expected = ['load', 'a9', 'a8', 'a7', 'a6', 'load_y', 'reload_x', 'a3', 'a2', 'a1'];
    expect(find(given, 'load')).toEqual(expected);
    expect(find(given, ' LoAd ')).toEqual(expected);
    expect(find([...given].reverse(), 'load')).toEqual(expected);
  });

  it('does not hide one name behind a thousand tags and descriptions', () => {
    const many: Given[] = Array.from({ length: 10_000 }, (_, index) => ({
      id: `job_${index}`,
      name: `A ${index}`,
      tags: ['invoice'],
      description: 'sends the invoices',
    }));
    expect(find([...many, { id: 'z', name: 'Zz invoice run' }], 'invoice', 6)[0]).toBe('z');
  });

  it('keeps the order of names where jobs fit equally well, numbers by their value', () => {
    const given: Given[] = [
      { id: 'c', name: 'Load 10' },
      { id: 'b', name: 'Load 9' },
      { id: 'a', name: 'Load 9' },
    ];
    expect(find(given, 'load')).toEqual(['a', 'b', 'c']);
  });

  it('finds words that stand apart or in other texts, after the same words together', () => {
    const given: Given[] = [
      { id: 'd', name: 'Delta', description: 'nightly load' },
      { id: 'c', name: 'Customers', tags: ['nightly'], description: 'loads them' },
      { id: 'b', name: 'Load of customers, nightly' },
      { id: 'a', name: 'The nightly load' },
      { id: 'nightly_other', name: 'Other' },
    ];
    expect(find(given, 'nightly load')).toEqual(['a', 'b', 'd', 'c']);
    expect(find([{ id: 'nightly_load', name: 'X' }], 'nightly load')).toEqual(['nightly_load']);
  });

  it('looks at neither case nor accents, in any script', () => {
    const given: Given[] = [
      { id: 'a', name: 'Überprüfung' },
      { id: 'b', name: 'İstanbul' },
      { id: 'c', name: 'Ежедневный отчёт' },
    ];
    expect(find(given, 'uberpruf')).toEqual(['a']);
    expect(find(given, 'istan')).toEqual(['b']);
    expect(find(given, 'отчет')).toEqual(['c']);
  });

  it('takes what means something to a pattern as it is', () => {
    const given: Given[] = [
      { id: 'a', name: 'Load (old) [1].*' },
      { id: 'b', name: 'Load old' },
    ];
    expect(find(given, '(old) [1].*')).toEqual(['a']);
    expect(find(given, '   ')).toEqual(['a', 'b']);
  });

  it('counts all that fit, page by page, whatever they are sorted by', () => {
    const lister = listerOf([
      { id: 'b', name: 'Load b' },
      { id: 'x', name: 'X' },
      { id: 'a', name: 'A load' },
    ]);
    const page = (offset: number, sort: 'name' | 'relevance') =>
      lister.list({ search: 'load' }, { limit: 1, offset, sort, descending: false });
    expect(page(0, 'relevance')).toMatchObject({ total: 2, jobs: [{ record: { job_id: 'b' } }] });
    expect(page(1, 'relevance')).toMatchObject({ total: 2, jobs: [{ record: { job_id: 'a' } }] });
    expect(page(0, 'name')).toMatchObject({ total: 2, jobs: [{ record: { job_id: 'a' } }] });
  });
});
