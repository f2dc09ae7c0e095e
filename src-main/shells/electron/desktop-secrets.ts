import type { SecretKeeper } from '../../../src-shared/desktop-contract';
import { AppError } from '../../../src-shared/errors';
import type { SecretBox } from '../../core/ports/secret-box';

/** The part of Electron's safeStorage that is used: the system's own store of the person's keys. */
export interface SystemStorage {
  isEncryptionAvailable(): boolean;
  /** Linux only. `basic_text` is a key that is written in the program: no protection at all. */
  getSelectedStorageBackend?(): string;
  encryptString(plain: string): Buffer;
  decryptString(sealed: Buffer): string;
}

const systemPrefix = 'os1:';

/** Why the system's store protects nothing; undefined when it does (negative test S63). */
export function systemStorageProblem(storage: SystemStorage, platform: string): string | undefined {
  if (!storage.isEncryptionAvailable()) return 'The system offers no store for keys in this session';
  const backend = platform === 'linux' ? (storage.getSelectedStorageBackend?.() ?? 'unknown') : 'own';
  if (backend === 'basic_text' || backend === 'unknown')
    return 'This session has no key ring; without one the system would keep the key in plain sight';
  return undefined;
}

/** Opens what either keeper has sealed and seals with the chosen one. */
export interface DesktopSecrets extends SecretBox {
  keeper: SecretKeeper;
  systemProblem(): string | undefined;
}

export function createDesktopSecrets(deps: {
  readonly keeper: SecretKeeper;
  readonly storage: SystemStorage;
  readonly platform: string;
  /** Made when it is first needed: a data folder that never uses it gets no key file. */
  readonly keyFile: () => SecretBox;
}): DesktopSecrets {
  let keyFile: SecretBox | undefined;
  const file = () => {
    keyFile ??= deps.keyFile();
    return keyFile;
  };
  const systemProblem = () => systemStorageProblem(deps.storage, deps.platform);
  const system = () => {
    const problem = systemProblem();
    if (problem) throw new AppError('unavailable', problem);
    return deps.storage;
  };
  return {
    keeper: deps.keeper,
    systemProblem,
    seal(plain) {
      if (this.keeper === 'key_file') return file().seal(plain);
      return systemPrefix + system().encryptString(plain).toString('base64');
    },
    open(sealed) {
      if (!sealed.startsWith(systemPrefix)) return file().open(sealed);
      try {
        return system().decryptString(Buffer.from(sealed.slice(systemPrefix.length), 'base64'));
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError(
          'unavailable',
          'A stored secret was sealed for another person or computer; enter it again',
          { cause: error },
        );
      }
    },
  };
}
