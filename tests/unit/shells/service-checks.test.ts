import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkServiceWish, type ServiceWish } from '../../../src-main/shells/cli/service-checks';
import { tempFolder } from '../../support/temp-folder';

const passwd = (name: string, uid: number) => ({
  code: 0,
  text: `${name}:x:${uid}:${uid}::/nonexistent:/usr/sbin/nologin`,
});

function check(wish: Partial<ServiceWish>, platform = 'linux') {
  const folder = tempFolder();
  return checkServiceWish(
    {
      dataFolder: join(folder, 'data'),
      isUser: false,
      wantsTask: false,
      account: undefined,
      wantsPassword: false,
      nssm: undefined,
      logFolder: undefined,
      config: undefined,
      appConfig: undefined,
      port: undefined,
      host: undefined,
      ...wish,
    },
    {
      platform,
      programFolder: folder,
      runTool: async (_file, args) =>
        args.at(-1) === 'jobs' ? passwd('jobs', userInfo().uid + 1) : { code: 2, text: '' },
    },
  );
}

async function takenPort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

describe('what a service is asked for', () => {
  it('is refused for an account that does not exist, before anything else is looked at', async () => {
    await expect(check({ account: 'no such user', config: '/no/such/file' })).rejects.toThrow(
      '--account is "no such user": there is no such user on this machine',
    );
  });

  it('has a data folder that is one, or that can be made', async () => {
    const folder = tempFolder();
    const file = join(folder, 'data.txt');
    writeFileSync(file, '');
    await expect(check({ dataFolder: file })).rejects.toThrow(
      `The data folder is ${file}, which is a file; expected a folder`,
    );
    await expect(check({ dataFolder: join(file, 'a', 'b') })).rejects.toThrow(
      `The data folder is ${join(file, 'a', 'b')}, which can't be made: ${file} is a file`,
    );
    await expect(check({ dataFolder: join(folder, 'a', 'b') })).resolves.toEqual(expect.any(Array));
    await expect(check({ logFolder: file }, 'win32')).rejects.toThrow('--log-folder is');
  });

  it('has a jobs file and a configuration that are there and can be used', async () => {
    const folder = tempFolder();
    const missing = join(folder, 'none.yaml');
    await expect(check({ config: missing })).rejects.toThrow(`--config is ${missing}: there is no such file`);
    await expect(check({ config: folder })).rejects.toThrow('which is a folder; expected a file');
    await expect(check({ appConfig: missing })).rejects.toThrow(`--app-config is ${missing}`);
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'web: { port: 70000 }\n');
    await expect(check({ appConfig: wrong })).rejects.toThrow(/wrong\.yaml:1:8: web\.port is 70000/);
    const dataFolder = join(folder, 'data');
    mkdirSync(dataFolder);
    writeFileSync(join(dataFolder, 'app_config.yaml'), 'web: { prot: 5000 }\n');
    await expect(check({ dataFolder })).rejects.toThrow('did you mean web.port?');
  });

  it('has a port that is free; one that is only configured may become so', async () => {
    const { port, close } = await takenPort();
    try {
      await expect(check({ port })).rejects.toThrow(
        `Port ${port} on 127.0.0.1 is in use by another program; choose one with --port`,
      );
      const folder = tempFolder();
      const appConfig = join(folder, 'app.yaml');
      writeFileSync(appConfig, `web: { port: ${port} }\n`);
      expect(await check({ appConfig })).toEqual([
        `port ${port} on 127.0.0.1 is in use by another program; the service can't start until that ends, or with another --port`,
      ]);
      // The program that runs on this folder makes way for its service.
      const instance = { pid: process.pid, started: '', mode: 'both', address: `http://127.0.0.1:${port}` };
      writeFileSync(join(folder, 'instance.json'), JSON.stringify(instance));
      expect(await check({ dataFolder: folder, port })).toEqual([
        `process ${process.pid} runs on this data folder and serves port ${port}; stop it before service start`,
      ]);
    } finally {
      close();
    }
  });

  it('has an address of this machine, and a secret where others reach it', async () => {
    await expect(check({ host: '203.0.113.7', port: 5987 })).rejects.toThrow('web.secret_key');
    await expect(check({ host: '127.0.0.300', port: 5987 })).rejects.toThrow('127.0.0.300');
  });

  it('names no option of another system', async () => {
    await expect(check({ wantsTask: true, nssm: 'nssm.exe' })).rejects.toThrow(
      'For Windows only: --task, --nssm',
    );
    await expect(check({ logFolder: '/var/log' })).rejects.toThrow('journalctl -u JobScheduler');
    await expect(check({ wantsPassword: true })).rejects.toThrow('systemd needs no password');
    await expect(check({ wantsPassword: true }, 'win32')).rejects.toThrow(
      'no account; name it with --account',
    );
  });

  it.skipIf(process.platform === 'win32')('tells when the data folder is not the account’s', async () => {
    const dataFolder = tempFolder();
    expect(await check({ dataFolder, account: 'jobs', port: await freePort() })).toEqual([
      `${dataFolder} does not belong to jobs, who must be able to write there: chown -R jobs ${dataFolder}`,
    ]);
  });
});

async function freePort() {
  const { port, close } = await takenPort();
  close();
  return port;
}
