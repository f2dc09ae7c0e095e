import type { MachineState, MachineView } from '../../../src-shared/model/machine';
import type { Machine } from '../ports/cluster';

const words: Readonly<Record<MachineState, string>> = {
  alive: 'Runs jobs',
  silent: 'Not heard of; what it runs is taken over when it stays so',
  dead: 'Given up: its runs are marked interrupted, and what it had not begun runs on the others',
  stopped: 'Ended in order',
};

/** A machine as the API shows it; `self` is the one that answers. */
export function machineView(machine: Machine, self: string): MachineView {
  const { started, last_seen, tags, ...rest } = machine;
  return {
    ...rest,
    tags: [...tags],
    is_this: machine.node === self,
    state_text: words[machine.state],
    started: new Date(started).toISOString(),
    last_seen: new Date(last_seen).toISOString(),
  };
}
