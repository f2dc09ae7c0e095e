import { isTerminal } from '../../../src-shared/model/execution';
import { exitCode, exitCodeOfRun } from './exit-codes';
import { piecesOf } from './raw-text';
import type { Session } from './session';
import { durationText } from './words';

const longestSilenceMs = 2000;

/** Wakes whoever waits when the program tells of anything; the stream itself is not read, so nothing depends on it. */
function listen(session: Session, execution_id: string, ended: AbortSignal) {
  let wake: (() => void) | undefined;
  let hasNews = false;
  const listening = (async () => {
    const stream = await session.events(execution_id, ended);
    for await (const _ of stream) {
      hasNews = true;
      wake?.();
    }
  })().catch(() => undefined);
  return {
    listening,
    /** Resolves at the next event, after a while, or when the person has had enough. */
    news: () =>
      new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          wake = undefined;
          hasNews = false;
          resolve();
        };
        const timer = setTimeout(done, longestSilenceMs);
        wake = done;
        session.terminal.interrupted.addEventListener('abort', done, { once: true });
        if (hasNews) done();
      }),
  };
}

/**
 * Prints the output of an execution from byte `offset` on while it grows, until it has ended. Read by range, so no
 * byte comes twice or not at all. False when the person went away first.
 */
export async function followOutput(
  session: Session,
  execution_id: string,
  options: { readonly offset?: number; readonly isSilent?: boolean } = {},
): Promise<boolean> {
  const { api, terminal } = session;
  let offset = options.offset ?? 0;
  const ended = new AbortController();
  const { news, listening } = listen(session, execution_id, ended.signal);
  try {
    for (;;) {
      const { status } = (await api.executions.get({ params: { execution_id } })).execution;
      let isWhole = options.isSilent === true;
      while (!isWhole) {
        const reply = await api.executions.output({ params: { execution_id }, query: { offset } });
        let bytes = 0;
        for await (const piece of piecesOf(reply)) {
          terminal.out(piece);
          bytes += piece.length;
        }
        offset += bytes;
        isWhole = bytes === 0;
      }
      // A status read before the output: what had ended by then is now printed whole.
      if (isTerminal(status)) return true;
      if (terminal.interrupted.aborted) return false;
      await news();
    }
  } finally {
    ended.abort();
    await listening;
  }
}

/** Follows a run, and the attempts after it, to its end; the exit code it comes to. */
export async function followRun(session: Session, first: string): Promise<number> {
  let execution_id = first;
  for (;;) {
    const isOver = await followOutput(session, execution_id, { isSilent: session.isJson });
    if (!isOver) {
      session.note(`${execution_id} goes on; executions cancel ${execution_id} ends it`);
      return exitCode.cancelled;
    }
    const { execution } = await session.api.executions.get({ params: { execution_id } });
    const { status, error_message, return_code, duration_seconds } = execution;
    if (status === 'retry') {
      session.note(`${execution_id}: ${error_message ?? 'failed'}; it will be tried again`);
      const next = await nextAttempt(session, execution_id, execution.attempt);
      if (next !== undefined) {
        execution_id = next;
        continue;
      }
      if (session.terminal.interrupted.aborted) return exitCode.cancelled;
    }
    session.answer({ success: status === 'success', execution }, () => {
      const code = return_code === null ? '' : `, exit code ${return_code}`;
      const why = status === 'success' || !error_message ? '' : `: ${error_message}`;
      session.note(
        `${execution_id}: ${session.paint.status(status)} after ${durationText(duration_seconds)}${code}${why}`,
      );
    });
    return exitCodeOfRun(execution);
  }
}

/** The attempt that follows a failed one; waits until its row is there. */
async function nextAttempt(
  session: Session,
  execution_id: string,
  attempt: number,
): Promise<string | undefined> {
  const ended = new AbortController();
  const { news, listening } = listen(session, execution_id, ended.signal);
  try {
    while (!session.terminal.interrupted.aborted) {
      const { attempts } = await session.api.executions.context({ params: { execution_id } });
      const next = attempts.find((one) => one.attempt > attempt);
      if (next) return next.execution_id;
      const { execution } = await session.api.executions.get({ params: { execution_id } });
      // Given up while it waited: its row says how.
      if (execution.status !== 'retry') return undefined;
      await news();
    }
    return undefined;
  } finally {
    ended.abort();
    await listening;
  }
}
