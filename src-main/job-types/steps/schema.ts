import { z } from 'zod';
import type { JobType } from '../../core/job-type';

/** Keys of a step that are not its type's own. */
const own = {
  name: z.string().min(1, 'must not be empty').max(255).optional(),
  timeout: z.number().min(0).max(31_536_000).optional().describe('seconds this step may take; 0 = no limit'),
  on_failure: z.enum(['stop', 'continue']).optional().describe('what follows when it fails; stop'),
};

/** A step as checked: its own keys, and those of its type. */
export interface Step {
  readonly name?: string;
  readonly type: string;
  readonly timeout?: number;
  readonly on_failure?: 'stop' | 'continue';
  readonly config: Readonly<Record<string, unknown>>;
}

/** Takes a step apart. */
export function stepOf(raw: Readonly<Record<string, unknown>>): Step {
  const { name, type, timeout, on_failure, ...config } = raw;
  return { name, type, timeout, on_failure, config } as Step;
}

/** `steps:`, each with the keys of its type beside its own. */
export function stepsSchema(types: ReadonlyMap<string, JobType>) {
  const names = [...types.keys()] as [string, ...string[]];
  const step = z.looseObject({ type: z.enum(names), ...own }).superRefine((raw, context) => {
    const { type, config } = stepOf(raw);
    const checked = types.get(type)?.configSchema.safeParse(config);
    for (const issue of checked?.error?.issues ?? []) context.addIssue({ ...issue } as never);
  });
  return z.strictObject({ steps: z.array(step).min(1).max(50) });
}
export type StepsConfig = z.infer<ReturnType<typeof stepsSchema>>;
