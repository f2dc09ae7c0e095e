import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireInstanceLock } from '../../../../src-main/adapters/persistence/instance-lock';
import { isLoopback, pagesOfHolder } from '../../../../src-main/shells/electron/running-elsewhere';
import { tempFolder } from '../../../support/temp-folder';

describe('a desktop application whose data a service holds', () => {
  it.each([
    [{ mode: 'both', address: 'http://127.0.0.1:5000' }, 'http://127.0.0.1:5000'],
    [{ mode: 'both', address: 'http://0.0.0.0:5000' }, 'http://127.0.0.1:5000'],
    [{ mode: 'both' }, undefined],
    [{ mode: 'desktop', address: 'http://127.0.0.1:5000' }, undefined],
    [{ mode: 'both', address: 'file:///etc/passwd' }, undefined],
  ])('opens its pages where it serves them: %j', (info, expected) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: 1, started: '', ...info }));
    expect(pagesOfHolder(folder)).toBe(expected);
  });

  it.each([
    ['http://127.0.0.1:5000', true],
    ['http://127.8.9.1:5000', true],
    ['http://[::1]:5000', true],
    ['http://localhost:5000', true],
    ['http://10.0.0.8:5000', false],
    ['http://127.0.0.1.evil.example:5000', false],
    ['https://localhost.evil:5000', false],
  ])('sends the key of the folder to %s: %s', (pages, expected) => {
    expect(isLoopback(pages)).toBe(expected);
  });

  it('is refused the folder with the address of those pages', () => {
    const folder = tempFolder();
    const lock = acquireInstanceLock(folder, { pid: 4711, started: '2026-03-02T08:00:00Z', mode: 'both' });
    lock.tell({ address: 'http://127.0.0.1:5000' });
    expect(() => acquireInstanceLock(folder, { pid: 2, started: '', mode: 'desktop' })).toThrow(
      'is in use by process 4711 (started 2026-03-02T08:00:00Z), whose pages are at http://127.0.0.1:5000; stop it',
    );
    lock.release();
  });
});
