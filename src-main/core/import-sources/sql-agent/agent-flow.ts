import { type AgentRow, numberOf, textOf } from './agent-rows';
import { type ConvertedStep, convertStep, type StepTarget } from './agent-steps';

/** on_success_action and on_fail_action: 1 ends as success, 2 as failure, 3 the next step, 4 the step of that number. */
const actionWords: Readonly<Record<number, string>> = {
  1: 'ends the job as a success',
  2: 'ends the job as a failure',
  3: 'goes to the next step',
};

export interface Flow {
  readonly steps: readonly (ConvertedStep & { readonly goesOn: boolean })[];
  readonly unmapped: readonly string[];
  readonly maps: readonly string[];
  readonly isIncomplete: boolean;
}

/**
 * The steps in the order they follow each other while all goes well, and what becomes of each failure. Steps here come
 * one after the other; a failed one ends the job, or is passed over (`on_failure: continue`). What branches otherwise is
 * named.
 */
export function readFlow(rows: readonly AgentRow[], startStep: number, target: StepTarget): Flow {
  const byId = new Map(rows.map((row) => [numberOf(row, 'step_id', 1), row]));
  const ids = [...byId.keys()].sort((a, b) => a - b);
  const maps: string[] = [];
  const unmapped: string[] = [];
  let isIncomplete = false;
  const lose = (text: string) => {
    unmapped.push(text);
    isIncomplete = true;
  };
  const labelOf = (id: number) => {
    const name = textOf(byId.get(id) ?? {}, 'step_name');
    return `Step ${id}${name === '' ? '' : ` "${name}"`}`;
  };
  /** The step an action leads to; 0: the end. */
  const leadsTo = (row: AgentRow, id: number, kind: 'success' | 'fail', action: number): number => {
    if (action === 3) return ids.find((one) => one > id) ?? 0;
    return action === 4 ? numberOf(row, `on_${kind}_step_id`, 0) : 0;
  };

  const path: number[] = [];
  for (let id = byId.has(startStep) ? startStep : (ids[0] ?? 0); id !== 0; ) {
    const row = byId.get(id);
    if (!row) {
      lose(`${labelOf(path.at(-1) ?? id)} goes to step ${id} when it succeeds, which does not exist`);
      break;
    }
    if (path.includes(id)) {
      lose(
        `${labelOf(path.at(-1) ?? id)} goes back to step ${id} when it succeeds; nothing here repeats steps`,
      );
      break;
    }
    path.push(id);
    const action = numberOf(row, 'on_success_action', 1);
    if (action === 2)
      lose(`${labelOf(id)} ends the job as a failure when it succeeds; here that is a success`);
    id = leadsTo(row, id, 'success', action);
  }

  const steps = path.map((id, index) => {
    const row = byId.get(id) ?? {};
    const action = numberOf(row, 'on_fail_action', 2);
    const next = path[index + 1] ?? 0;
    const to = leadsTo(row, id, 'fail', action);
    const isLast = next === 0;
    const goesOn = action === 1 ? isLast : action !== 2 && to === next;
    if (action === 1 && !isLast)
      lose(`${labelOf(id)} ends the job as a success when it fails; here it ends as a failure`);
    else if (action === 3 && to === 0 && isLast)
      maps.push(`${labelOf(id)} is the last and goes on when it fails: the job is a success all the same`);
    else if (action !== 1 && action !== 2 && !goesOn)
      lose(
        `${labelOf(id)} goes to ${labelOf(to)} when it fails; here a failed step ends the job or is passed over`,
      );
    if (!(action in actionWords) && action !== 4)
      lose(`${labelOf(id)} has on_fail_action ${action}; expected 1 to 4`);
    return { ...convertStep(row, target), goesOn };
  });
  for (const id of ids)
    if (!path.includes(id)) lose(`${labelOf(id)} is reached only when another step fails; it is left out`);
  const passed = steps.filter(({ goesOn }) => goesOn);
  if (steps.length > 1)
    maps.push(
      `${steps.length} steps, one after the other${passed.length === 0 ? '; a failed one ends the job' : `; on_failure continue for ${passed.map(({ label }) => label).join(', ')}`}`,
    );
  return {
    steps,
    maps,
    unmapped,
    isIncomplete: isIncomplete || steps.some((step) => step.isIncomplete),
  };
}
