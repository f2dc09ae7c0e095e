import { api } from '../../../lib/api';
import { desktop } from '../../../lib/desktop';
import { confirm } from '../../../ui/confirm';
import { attempt, notify } from '../../../ui/toasts';

const lookMs = 700;
/** A long history is looked through once more before the program ends. */
const mostLooks = 400;

/** Asks, starts the program anew, and shows the pages of the new one. */
export async function restartProgram(): Promise<void> {
  const before = await attempt(async () => ({
    about: await api.system.about({}),
    queue: await api.system.queueStatus({}),
  }));
  if (!before) return;
  const names = before.queue.executions.map(({ job_name }) => `“${job_name}”`);
  const isSure = await confirm({
    title: 'Start the program anew?',
    text:
      names.length === 0
        ? 'No job is running. The pages are back in a moment.'
        : `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} ${names.length === 1 ? 'is' : 'are'} running and will be ended. Wait for the end to lose nothing.`,
    action: 'Restart now',
    isDangerous: names.length > 0,
  });
  if (!isSure) return;
  const begun = await attempt(
    () => api.store.restart({}),
    () => ({ kind: 'info', text: 'The program starts anew …' }),
  );
  // The desktop application comes back with a window of its own.
  if (!begun || desktop) return;
  for (let look = 0; look < mostLooks; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    try {
      const { started } = await api.system.about({});
      if (started !== before.about.started) return location.reload();
    } catch {
      // It is not back yet, or it is and wants a new login.
      if (await isBack()) return location.reload();
    }
  }
  notify({ kind: 'error', text: 'The program has not come back; look into its log' });
}

async function isBack(): Promise<boolean> {
  try {
    const reply = await fetch('/api/about');
    return reply.status === 401;
  } catch {
    return false;
  }
}
