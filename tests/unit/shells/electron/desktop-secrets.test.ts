import { describe, expect, it } from 'vitest';
import {
  createDesktopSecrets,
  systemStorageProblem,
} from '../../../../src-main/shells/electron/desktop-secrets';

const storage = (backend = 'gnome_libsecret', isAvailable = true) => ({
  isEncryptionAvailable: () => isAvailable,
  getSelectedStorageBackend: () => backend,
  encryptString: (plain: string) => Buffer.from([...plain].reverse().join('')),
  decryptString: (sealed: Buffer) => [...sealed.toString()].reverse().join(''),
});
const keyFile = () => ({
  seal: (plain: string) => `v1:${plain}`,
  open: (sealed: string) => sealed.slice(3),
});
const box = (keeper: 'key_file' | 'system', own = storage()) =>
  createDesktopSecrets({ keeper, storage: own, platform: 'linux', keyFile });

describe('secrets of the desktop application', () => {
  it('are kept by the system where it has a real store', () => {
    const sealed = box('system').seal('hunter2');
    expect(sealed).toMatch(/^os1:/);
    expect(sealed).not.toContain('hunter2');
    expect(box('system').open(sealed)).toBe('hunter2');
  });

  it('are refused, never written in plain sight, where the store is none (S63)', () => {
    for (const own of [storage('basic_text'), storage('unknown'), storage('kwallet', false)]) {
      expect(box('system', own).systemProblem()).toBeDefined();
      expect(() => box('system', own).seal('hunter2')).toThrow(/key/);
    }
    expect(
      systemStorageProblem({ ...storage(), getSelectedStorageBackend: undefined }, 'win32'),
    ).toBeUndefined();
  });

  it('can be opened whoever sealed them, so that the keeper can be changed', () => {
    const secrets = box('key_file');
    const before = secrets.seal('hunter2');
    secrets.keeper = 'system';
    expect(secrets.open(before)).toBe('hunter2');
    expect(secrets.open(secrets.seal('hunter2'))).toBe('hunter2');
  });
});
