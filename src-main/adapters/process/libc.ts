import { createRequire } from 'node:module';

/** The calls of the C library that starting a process takes; numbers are as on Linux, glibc and musl alike. */
export interface Libc {
  /** A pipe that no started program inherits by accident: its reading and its writing end; undefined when none is left. */
  pipe(): readonly [number, number] | undefined;
  /** Starts a program off the main thread. Its id, or the error number. */
  spawn(command: SpawnCall): Promise<{ readonly pid: number } | { readonly errno: number }>;
  /** The wait status of a child that has ended; undefined while it runs. */
  reap(pid: number): number | undefined;
}

export interface SpawnCall {
  readonly path: string;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
  readonly cwd: string | undefined;
  /** The descriptors that become 0, 1 and 2. */
  readonly stdio: readonly [number, number, number];
}

const closeOnExec = 0o2000000;
const noHang = 1;
/** setsid, and signals as a fresh process has them: Node ignores SIGPIPE, its children must not. */
const spawnFlags = 0x80 | 0x04 | 0x08;

/**
 * Room for the C library's opaque structures, generously: glibc and musl need 80 bytes for file actions, 336 for
 * attributes and 128 for a signal set.
 */
const roomy = 512;

/** Undefined where the C library can't be called or lacks something: then Node's own way serves. */
export function loadLibc(): Libc | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const c = koffi.load(null);
    const pipe2 = c.func('int pipe2(_Out_ int *fds, int flags)');
    const waitpid = c.func('int waitpid(int pid, _Out_ int *status, int options)');
    const posixSpawn = c.func(
      'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **argv, const char **envp)',
    );
    const initActions = c.func('int posix_spawn_file_actions_init(void *actions)');
    const addDup = c.func('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)');
    const addFolder = c.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)');
    const freeActions = c.func('int posix_spawn_file_actions_destroy(void *actions)');
    const initAttributes = c.func('int posix_spawnattr_init(void *attributes)');
    const setFlags = c.func('int posix_spawnattr_setflags(void *attributes, short flags)');
    const setDefaultSignals = c.func('int posix_spawnattr_setsigdefault(void *attributes, void *set)');
    const setSignalMask = c.func('int posix_spawnattr_setsigmask(void *attributes, void *set)');
    const fillSet = c.func('int sigfillset(void *set)');
    const emptySet = c.func('int sigemptyset(void *set)');

    const attributes = Buffer.alloc(roomy);
    const allSignals = Buffer.alloc(roomy);
    const noSignals = Buffer.alloc(roomy);
    fillSet(allSignals);
    emptySet(noSignals);
    initAttributes(attributes);
    setDefaultSignals(attributes, allSignals);
    setSignalMask(attributes, noSignals);
    setFlags(attributes, spawnFlags);

    return {
      pipe() {
        const ends: [number, number] = [-1, -1];
        return pipe2(ends, closeOnExec) === 0 ? ends : undefined;
      },
      spawn: ({ path, argv, envp, cwd, stdio }) =>
        new Promise((resolve, reject) => {
          const actions = Buffer.alloc(roomy);
          initActions(actions);
          if (cwd !== undefined) addFolder(actions, cwd);
          stdio.forEach((from, to) => {
            addDup(actions, from, to);
          });
          const pid: [number] = [0];
          posixSpawn.async(
            pid,
            path,
            actions,
            attributes,
            [...argv, null],
            [...envp, null],
            (error: unknown, errno: number) => {
              freeActions(actions);
              if (error) reject(error);
              else resolve(errno === 0 ? { pid: pid[0] } : { errno });
            },
          );
        }),
      reap(pid) {
        const status: [number] = [0];
        return waitpid(pid, status, noHang) === pid ? status[0] : undefined;
      },
    };
  } catch {
    return undefined;
  }
}
