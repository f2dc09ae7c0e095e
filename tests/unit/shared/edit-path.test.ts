import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editAtPath } from '../../../src-shared/job-document/edit-path';

const job = `# nightly
id: a   # the id
name: "A"

type: sql
query: |  # as finance wants it
  SELECT 1

  FROM t
tags: [x,   y]
schedule:
    type: cron   # four spaces
    cron_params:
        hour: 8
        minute: '*/15'
notifications:
- email: a@b.c
- slack: '#x'   # channel
timeout:   300

# the end
`;

const line = (text: string, wanted: RegExp) => text.split('\n').find((one) => wanted.test(one));

describe('a change at a path of a YAML text', () => {
  it('replaces a value in its place and touches nothing else', () => {
    expect(editAtPath(job, ['timeout'], 600)).toBe(job.replace('timeout:   300', 'timeout:   600'));
    expect(editAtPath(job, ['id'], 'b')).toBe(job.replace('id: a ', 'id: b '));
    expect(editAtPath(job, ['name'], 'B: c')).toBe(job.replace('"A"', '"B: c"'));
    expect(editAtPath(job, ['schedule', 'cron_params', 'hour'], 9)).toBe(job.replace('hour: 8', 'hour: 9'));
    expect(editAtPath(job, ['schedule', 'cron_params', 'minute'], '*/5')).toBe(job.replace('*/15', '*/5'));
    expect(editAtPath(job, ['schedule', 'cron_params', 'hour'], '*/2')).toBe(
      job.replace('hour: 8', 'hour: "*/2"'),
    );
  });

  it('puts a new key behind its neighbours, with their indentation', () => {
    expect(editAtPath(job, ['schedule', 'cron_params', 'timezone'], 'Europe/Berlin')).toBe(
      job.replace("'*/15'\n", "'*/15'\n        timezone: Europe/Berlin\n"),
    );
    expect(editAtPath(job, ['max_retries'], 3)).toBe(
      job.replace('timeout:   300\n', 'timeout:   300\nmax_retries: 3\n'),
    );
    expect(editAtPath('id: a', ['enabled'], false)).toBe('id: a\nenabled: false\n');
    expect(editAtPath('', ['id'], 'a')).toBe('id: a\n');
    expect(editAtPath('# only words\n', ['id'], 'a')).toBe('# only words\nid: a\n');
  });

  it('makes the mappings on the way', () => {
    const changed = editAtPath(job, ['connection', 'connection_id'], 'prod');
    expect(changed).toBe(
      job.replace('timeout:   300\n', 'timeout:   300\nconnection:\n  connection_id: prod\n'),
    );
    expect(parse(editAtPath('id: a\nschedule: none\n', ['schedule', 'type'], 'date'))).toEqual({
      id: 'a',
      schedule: { type: 'date' },
    });
  });

  it('takes a key away with its lines, and only those', () => {
    expect(editAtPath(job, ['timeout'], undefined)).toBe(job.replace('timeout:   300\n', ''));
    expect(editAtPath(job, ['schedule', 'cron_params', 'hour'], undefined)).toBe(
      job.replace('        hour: 8\n', ''),
    );
    expect(editAtPath(job, ['nothing', 'here'], undefined)).toBe(job);
    const gone = editAtPath(job, ['query'], undefined);
    expect(gone).toBe(job.replace(/query[\s\S]*FROM t\n/, ''));
  });

  it('writes several lines as a block and keeps the comment at its head', () => {
    const changed = editAtPath(job, ['query'], 'SELECT 2\n  FROM u\n');
    expect(changed).toBe(
      job.replace('  SELECT 1\n\n  FROM t\n', '  SELECT 2\n    FROM u\n').replace('|  #', '| #'),
    );
    for (const text of [
      'a\nb',
      'a\nb\n',
      'a\n\n\n',
      '  indented\nfirst\n',
      'tab\there\nx  \n',
      '#!/bin/sh\n',
      '\n\na\n',
    ]) {
      const written = editAtPath(job, ['query'], text);
      expect(parse(written).query).toBe(text);
      expect(written).toContain('# the end');
      expect(editAtPath(written, ['timeout'], 1)).toBe(written.replace('300', '1'));
    }
  });

  it('keeps comments where a value must be written anew', () => {
    const changed = editAtPath(job, ['schedule'], { type: 'interval', interval_params: { hours: 6 } });
    expect(parse(changed).schedule).toEqual({ type: 'interval', interval_params: { hours: 6 } });
    for (const comment of ['# nightly', '# the id', '# as finance', '# channel', '# the end'])
      expect(changed).toContain(comment);
    expect(line(changed, /^tags/)).toBe('tags: [x,   y]');
  });

  it('changes flow style too, and the first key of a list item', () => {
    expect(parse(editAtPath('{id: a, timeout: 5}', ['timeout'], 7))).toEqual({ id: 'a', timeout: 7 });
    expect(parse(editAtPath(job, ['notifications', 0, 'email'], 'x@y.z')).notifications[0]).toEqual({
      email: 'x@y.z',
    });
    expect(parse(editAtPath(job, ['tags'], ['a', 'b'])).tags).toEqual(['a', 'b']);
  });

  it('fills an empty value and leaves texts with errors alone', () => {
    expect(editAtPath('id: a\nname:\ntype: sql\n', ['name'], 'N')).toBe('id: a\nname: N\ntype: sql\n');
    expect(editAtPath('id: a\nname: # later\n', ['name'], 'N')).toContain('# later');
    expect(editAtPath('id: [a\n', ['id'], 'b')).toBe('id: [a\n');
    expect(editAtPath('- a\n- b\n', ['id'], 'b')).toBe('- a\n- b\n');
  });

  it('keeps Windows line breaks', () => {
    expect(editAtPath('id: a\r\ntimeout: 5\r\nname: x\r\n', ['timeout'], 6)).toBe(
      'id: a\r\ntimeout: 6\r\nname: x\r\n',
    );
  });
});
