import { dialog } from 'electron';
import type { ApiContext, Invoke } from '../../api/invoke';

/** Does what the tray or a notification offers, as the person at the machine; what is refused is told in a box. */
export const createAct =
  (invoke: Invoke, caller: ApiContext) =>
  async (origin: string, id: string, params?: Readonly<Record<string, string>>): Promise<void> => {
    const reply = await invoke(id, params ? { params } : {}, { ...caller, origin });
    if (reply.kind !== 'json' || reply.status < 400) return;
    const { error } = reply.body as { error: { message: string } };
    dialog.showErrorBox('Job Scheduler', error.message);
  };
