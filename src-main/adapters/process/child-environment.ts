import { randomUUID } from 'node:crypto';

/** Variables that would let a job's environment take over a child before its own code begins (negative test S48). */
const inheritedBlocked =
  /^(JOB_SCHEDULER_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|NODE_CHANNEL_|ELECTRON_|LD_PRELOAD$|LD_AUDIT$|DYLD_INSERT_)/i;

/**
 * The environment of a child: what this process has, less everything of the program's own (its settings can hold
 * connection strings and keys), with the job's variables over it. On Windows names differ only by case, so a
 * job's `Path` replaces `PATH`.
 */
export function childEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
  platform: string,
): Record<string, string> {
  const result: Record<string, string> = {};
  const ownNames = new Set(
    Object.keys(own).map((name) => (platform === 'win32' ? name.toUpperCase() : name)),
  );
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || inheritedBlocked.test(name)) continue;
    if (platform === 'win32' && ownNames.has(name.toUpperCase())) continue;
    result[name] = value;
  }
  return { ...result, ...own };
}

/** What another account is given of this process's environment: how to write text and tell the time. */
const forOthers = /^(LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/** The part of an environment that is nobody's own. */
export function neutralEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => forOthers.test(name)));
}

/** The variable that marks every process of a run, wherever in the tree it has gone. */
export const runMark = 'JOB_SCHEDULER_RUN';

/** The environment of a helper process of ours that works for a run: found and ended like the run's own. */
export function markedEnvironment(
  run: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  return childEnvironment(process.env, { ...run, [runMark]: `${token}.${randomUUID()}` }, process.platform);
}
