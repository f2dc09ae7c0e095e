import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runTool } from '../../../../src-main/adapters/process/windows-run-as/run-tool';
import { findAccount } from '../../../../src-main/adapters/service/account';

const onWindows = process.platform === 'win32';

describe('the account of a service on Linux', () => {
  const deps = { platform: 'linux', runTool };

  it.skipIf(onWindows)('is looked up where the system does, by its name or its number', async () => {
    const { username, uid } = userInfo();
    expect(await findAccount(username, deps)).toEqual({ uid });
    expect(await findAccount(String(uid), deps)).toEqual({ uid });
  });

  it
    .skipIf(onWindows)
    .each(['no such user', 'nosuchuser-7', '--help', 'root:x', 'root\n', '4294967294', '../root'])(
    'that does not exist is refused by name: %j',
    async (name) => {
      await expect(findAccount(name, deps)).rejects.toThrow(
        `--account is ${JSON.stringify(name)}: there is no such user on this machine`,
      );
    },
  );

  it('is never the empty one, which would be root', async () => {
    for (const name of ['', '  ']) await expect(findAccount(name, deps)).rejects.toThrow('it is empty');
  });

  it.skipIf(onWindows)('is read from /etc/passwd where there is no getent', async () => {
    const none = { platform: 'linux', runTool: async () => ({ code: -1, text: 'spawn getent ENOENT' }) };
    expect(await findAccount('root', none)).toEqual({ uid: 0 });
    await expect(findAccount('nosuchuser-7', none)).rejects.toThrow('there is no such user');
  });
});

describe('the account of a service on Windows', () => {
  const asked: string[] = [];
  const answering = (code: number, text = '') => ({
    platform: 'win32',
    runTool: async (_file: string, args: readonly string[]) => {
      asked.push(Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le'));
      return { code, text };
    },
  });

  it('is asked for without rights, and its name is never read as PowerShell', async () => {
    expect(await findAccount("DOMAIN\\o'neil", answering(0))).toEqual({});
    expect(asked.at(-1)).not.toContain('neil');
    expect(asked.at(-1)).toContain(Buffer.from("DOMAIN\\o'neil", 'utf16le').toString('base64'));
    await expect(findAccount('DOMAIN\\nobody', answering(3))).rejects.toThrow(
      'Windows knows no such account',
    );
    expect(await findAccount('DOMAIN\\far', answering(4, 'The trust\r\nfailed'))).toEqual({
      note: 'the account DOMAIN\\far could not be looked up: The trust failed',
    });
  });

  it('needs no look where Windows brings it, and none where it can be no name', async () => {
    const before = asked.length;
    for (const name of ['LocalSystem', 'NT AUTHORITY\\LOCAL SERVICE', 'NT SERVICE\\JobScheduler'])
      expect(await findAccount(name, answering(3))).toEqual({});
    await expect(findAccount('a\\b\\c', answering(0))).rejects.toThrow('is not a name of a Windows account');
    expect(asked.length).toBe(before);
  });
});
