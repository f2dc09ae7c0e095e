import { describe, expect, it } from 'vitest';
import { parseJobsFile } from '../../../src-shared/job-document';
import { foldIssues } from '../../../src-shared/job-document/fold-issues';
import { realTypes } from '../../support/real-types';

const types = Object.assign(new Map(realTypes()), {
  surroundings: { hasSecret: () => true, connections: () => [], hasRunAhead: () => false },
});

describe('issues that several jobs have for one cause', () => {
  const sql = (id: string, connection: string) =>
    `  - {id: ${id}, name: ${id}, type: sql, query: select 1, connection: {connection_id: ${connection}}}\n`;

  it('are one line that names the connection, how many jobs, and the first of them', () => {
    const text = `jobs:\n${Array.from({ length: 60 }, (_, index) => sql(`s${index}`, 'north')).join('')}${sql('a', 'south')}`;
    const { issues } = parseJobsFile(text, types);
    expect(issues).toHaveLength(61);
    const why = 'there is no such saved connection: the job fails until there is (there are none yet)';
    expect(foldIssues(issues).map(({ line, message }) => ({ line, message }))).toEqual([
      {
        line: 2,
        message: `60 jobs ("s0", "s1", "s2" and 57 more): connection.connection_id is "north"; ${why}`,
      },
      { line: 62, message: `Job "a": connection.connection_id is "south"; ${why} (line 62)` },
    ]);
  });

  it('stay each where they are errors, or about nothing that jobs share', () => {
    const error = (message: string) => ({ path: '', message, severity: 'error' as const });
    const warning = (message: string) => ({ path: '', message, severity: 'warning' as const });
    const issues = [
      error('Job "a": name is missing (line 2)'),
      error('Job "b": name is missing (line 9)'),
      warning('unknown section'),
      warning('Job "a": is odd (line 3)'),
      warning('Job "b": is odd (line 7)'),
    ];
    expect(foldIssues(issues).map(({ message }) => message)).toEqual([
      'Job "a": name is missing (line 2)',
      'Job "b": name is missing (line 9)',
      'unknown section',
      '2 jobs ("a" and "b"): is odd',
    ]);
  });
});
