import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../../src-main/adapters/host/node-host';
import { parameterSource } from '../../../src-main/job-types/python/python-literal';
import { describePipFailure, readRequirements } from '../../../src-main/job-types/python/requirements';
import { PythonConfig } from '../../../src-main/job-types/python/schema';
import { describeTraceback } from '../../../src-main/job-types/python/traceback';

describe('the last traceback of a script', () => {
  it.each([
    [
      'an exception, at the deepest line of the job’s own',
      `Traceback (most recent call last):
  File "/srv/main.py", line 10, in <module>
    main()
    ^^^^^^
  File "/srv/load.py", line 3, in read
    return json.loads(text)
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
`,
      'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0) (load.py, line 3, in read: return json.loads(text))',
    ],
    [
      'the last of a chain',
      `Traceback (most recent call last):
  File "/srv/a.py", line 2, in <module>
    1/0
ZeroDivisionError: division by zero

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "C:\\srv\\a.py", line 4, in <module>
    raise MyFailure("two\\nlines")
MyFailure: two
lines
`,
      'MyFailure: two (a.py, line 4: raise MyFailure("two\\nlines"))',
    ],
    [
      'one without a message',
      'noise\nTraceback (most recent call last):\n  File "/srv/a.py", line 1, in <module>\n    assert x\nAssertionError\n',
      'AssertionError (a.py, line 1: assert x)',
    ],
    [
      'a text that is no Python',
      '  File "/srv/a.py", line 7\n    if x\n        ^\nSyntaxError: expected \':\'\n',
      "SyntaxError: expected ':' (a.py, line 7: if x)",
    ],
    [
      'a group of exceptions',
      `  + Exception Group Traceback (most recent call last):
  |   File "/srv/a.py", line 1, in <module>
  |     raise ExceptionGroup("many", [ValueError(1)])
  | ExceptionGroup: many (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +------------------------------------
`,
      'ExceptionGroup: many (1 sub-exception) (a.py, line 1: raise ExceptionGroup("many", [ValueError(1)]))',
    ],
    ['none', 'just\nsome text\n', undefined],
  ])('is %s', (_name, errors, message) => {
    expect(describeTraceback(errors, undefined)).toBe(message);
  });
});

describe('parameters of a notebook', () => {
  it('become Python that holds them as they are', () => {
    expect(
      parameterSource({ a: 'x"; import os\n', b: null, c: [true, 1.5, 'ü'], d: { 'k"': -3 } })
        .split('\n')
        .slice(1),
    ).toEqual(['a = "x\\"; import os\\n"', 'b = None', 'c = [True, 1.5, "ü"]', 'd = {"k\\"": -3}']);
  });

  it.each([
    [{ script_path: 'a.py', parameters: { a: 1 } }, /parameters are for notebooks/],
    [{ script_path: 'a.ipynb', parameters: { class: 1 } }, /word of Python/],
    [{ script_path: 'a.ipynb', parameters: { 'a-b': 1 } }, /not the name of a variable/],
    [{ script_path: 'a.py', module: 'b' }, /module and script_path are both given/],
    [{ module: 'b; import os' }, /not the name of a module/],
    [{ module: 'b', requirements: ['x\n--index-url y'] }, /must be one line/],
    [{ module: 'b', requirements: 'r.txt', virtual_env: 'e' }, /requirements and virtual_env are both given/],
    [{}, /neither script_path nor script_content nor module/],
  ])('and other keys that can not be used are refused: %o', (config, message) => {
    const { error } = PythonConfig.safeParse(config);
    expect(JSON.stringify(error?.issues)).toMatch(message);
  });
});

describe('what pip says when it gives up', () => {
  it.each([
    [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip...>: Failed to establish a new connection')': /simple/x/\nERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\nERROR: No matching distribution found for x==1\n",
      /the package index could not be reached for "x==1"/,
    ],
    [
      'ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1.0, 2.0)\nERROR: No matching distribution found for x==9\n',
      /^there is no "x==9"; the versions are 1\.0, 2\.0$/,
    ],
    [
      'ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io\n',
      /^Cannot install a==1 and b==2 because these package versions have conflicting dependencies\.$/,
    ],
    ['', /pip said nothing/],
  ])('is told in a sentence', (text, message) => {
    expect(describePipFailure(text)).toMatch(message);
  });
});

describe('requirements', () => {
  const hostWith = (files: Readonly<Record<string, string>>) => ({
    ...createNodeHost({ jobsFolder: '/jobs', temporaryFolder: '/none' }),
    kindOf: async (path: string) => (files[path] === undefined ? ('none' as const) : ('file' as const)),
    readText: async (path: string) => files[path] ?? '',
  });

  it('are what their lines say, comments aside, with the files they name', async () => {
    const host = hostWith({
      '/jobs/r.txt': '# all\r\n\r\na==1  # why\n-r sub/more.txt\nb @ https://host/b.whl#sha256=1\n',
      '/jobs/sub/more.txt': 'c\n--constraint=limits.txt\n',
      '/jobs/sub/limits.txt': 'c<2\n',
    });
    expect(await readRequirements(host, { file: '/jobs/r.txt' })).toEqual({
      kind: 'lines',
      lines: [
        'a==1',
        '-r sub/more.txt',
        '  c',
        '  --constraint=limits.txt',
        '    c<2',
        'b @ https://host/b.whl#sha256=1',
      ],
    });
  });

  it('that name a missing file, or one another in a ring, say so', async () => {
    const host = hostWith({ '/jobs/r.txt': '-r r.txt' });
    expect(await readRequirements(host, { file: '/jobs/r.txt' })).toMatchObject({
      reason: expect.stringContaining('in a ring'),
    });
    expect(await readRequirements(host, { lines: ['-c none.txt'] })).toMatchObject({
      reason: 'The requirements file /jobs/none.txt does not exist',
    });
  });
});
