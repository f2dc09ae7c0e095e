import type { SimulatedSlot } from '../../core/simulate/simulate';

export interface PrintedSimulation {
  readonly slots: readonly SimulatedSlot[];
  /** How many slots each job's schedule has in the stretch. */
  readonly planned: ReadonlyMap<string, number>;
  readonly from: number;
  readonly to: number;
  readonly only: string | undefined;
  readonly json: boolean;
}

/** Prints slots with their fates, as a table or as JSON; false when slots are left that nothing accounts for. */
export function printSimulation({ slots, planned, from, to, only, json }: PrintedSimulation): boolean {
  const accounted = new Map<string, number>();
  const fates = new Map<string, number>();
  for (const { job_id, fate, count = 1 } of slots) {
    accounted.set(job_id, (accounted.get(job_id) ?? 0) + count);
    fates.set(fate, (fates.get(fate) ?? 0) + count);
  }
  const unaccounted = [...planned].filter(([job_id, count]) => (accounted.get(job_id) ?? 0) !== count);
  const shown = only === undefined ? slots : slots.filter((slot) => slot.job_id === only);
  const total = [...planned.values()].reduce((sum, count) => sum + count, 0);
  if (json) {
    const summary = {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      jobs: planned.size,
      planned: total,
      fates: Object.fromEntries(fates),
      unaccounted: Object.fromEntries(unaccounted),
    };
    process.stdout.write(`${JSON.stringify({ summary, slots: shown }, null, 1)}\n`);
    return unaccounted.length === 0;
  }
  const widest = Math.max(3, ...shown.map((slot) => slot.job_id.length));
  const lines = shown.map((slot) => {
    const late = slot.lateness_seconds === undefined ? '' : `${slot.lateness_seconds} s`;
    const status = slot.status ?? '';
    const many = slot.count === undefined ? '' : ` x${slot.count}`;
    return [
      slot.local_time.padEnd(25),
      slot.job_id.padEnd(widest),
      `${slot.fate}${many}`.padEnd(12),
      status.padEnd(11),
      late.padEnd(9),
      slot.reason ?? '',
    ]
      .join('  ')
      .trimEnd();
  });
  const head = [
    'planned'.padEnd(25),
    'job'.padEnd(widest),
    'fate'.padEnd(12),
    'status'.padEnd(11),
    'late'.padEnd(9),
    'why',
  ];
  process.stdout.write(`${[head.join('  '), ...lines].join('\n')}\n\n`);
  const told = [...fates].map(([fate, count]) => `${count} ${fate}`).join(', ');
  process.stdout.write(`${total} slots of ${planned.size} jobs: ${told || 'none'}\n`);
  for (const [job_id, count] of unaccounted)
    process.stdout.write(
      `NOT ACCOUNTED FOR: ${job_id} had ${count} slots, ${accounted.get(job_id) ?? 0} are told\n`,
    );
  if (unaccounted.length === 0) process.stdout.write('Every slot is accounted for.\n');
  return unaccounted.length === 0;
}
