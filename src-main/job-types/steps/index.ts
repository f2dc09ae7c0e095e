import type { JobType, RunContext, RunOutcome } from '../../core/job-type';
import { type Step, type StepsConfig, stepOf, stepsSchema } from './schema';

interface StepResult {
  readonly name: string;
  readonly type: string;
  readonly status: 'success' | 'failed' | 'timeout' | 'not_run';
  readonly return_code?: number;
  readonly error_message?: string;
  readonly duration_seconds?: number;
}

const nameOf = (step: Step, index: number): string => step.name ?? `step ${index + 1}`;

/** Steps of any other type, one after the other: a small pipeline in one job. */
export function createStepsJobType(types: ReadonlyMap<string, JobType>): JobType<StepsConfig> {
  const stepsOf = (config: StepsConfig): readonly Step[] => config.steps.map(stepOf);

  const runStep = async (
    step: Step,
    run: RunContext,
  ): Promise<RunOutcome & { readonly isLate?: boolean }> => {
    const type = types.get(step.type);
    if (!type) return { status: 'failed', error_message: `This program has no job type "${step.type}"` };
    if (run.job.run_as !== undefined && !type.startsPrograms) {
      return {
        status: 'failed',
        error_message: `run_as: a ${step.type} step starts no program, so it can't run as "${run.job.run_as}"`,
        error_class: 'configuration',
      };
    }
    const config = type.configSchema.parse(step.config);
    if (!step.timeout) return type.execute(config, run);
    const limit = AbortSignal.timeout(step.timeout * 1000);
    const outcome = await type.execute(config, { ...run, signal: AbortSignal.any([run.signal, limit]) });
    if (outcome.status === 'success' || !limit.aborted || run.signal.aborted) return outcome;
    return {
      status: 'failed',
      error_message: `timed out after ${step.timeout} seconds`,
      error_class: 'timeout',
      isLate: true,
    };
  };

  return {
    type: 'steps',
    label: 'Steps',
    configSchema: stepsSchema(types),
    editor: { code: {}, primary: ['steps'] },
    startsPrograms: true,
    nestedHints: {
      key: 'steps',
      hintsOf: (item) => types.get(String(item.type)),
    },
    advise: (config) =>
      stepsOf(config).flatMap((step, index) => {
        const type = types.get(step.type);
        const checked = type?.configSchema.safeParse(step.config);
        const found = checked?.success ? (type?.advise?.(checked.data) ?? []) : [];
        return found.map((issue) => ({ ...issue, path: `steps.${index}.${issue.path}` }));
      }),
    unavailable(config) {
      for (const [index, step] of stepsOf(config).entries()) {
        const type = types.get(step.type);
        const checked = type?.configSchema.safeParse(step.config);
        const reason = checked?.success ? type?.unavailable?.(checked.data) : undefined;
        if (reason !== undefined) return `${nameOf(step, index)}: ${reason}`;
      }
      return undefined;
    },
    async check(config, context) {
      const findings = [];
      for (const [index, step] of stepsOf(config).entries()) {
        const type = types.get(step.type);
        const checked = type?.configSchema.safeParse(step.config);
        const found = checked?.success ? ((await type?.check?.(checked.data, context)) ?? []) : [];
        findings.push(...found.map((one) => ({ ...one, message: `${nameOf(step, index)}: ${one.message}` })));
      }
      return findings;
    },
    async execute(config, run) {
      const steps = stepsOf(config);
      const results: StepResult[] = [];
      let failure: { readonly message: string; readonly outcome: RunOutcome } | undefined;
      for (const [index, step] of steps.entries()) {
        const name = nameOf(step, index);
        if (failure || run.signal.aborted) {
          results.push({ name, type: step.type, status: 'not_run' });
          continue;
        }
        run.log.info(`=== ${index + 1}/${steps.length}: ${name} (${step.type}) ===`);
        const began = performance.now();
        const outcome = await runStep(step, run);
        const { return_code } = outcome;
        const error_message = outcome.status === 'failed' ? outcome.error_message : undefined;
        results.push({
          name,
          type: step.type,
          status: outcome.isLate ? 'timeout' : outcome.status,
          duration_seconds: Math.round(performance.now() - began) / 1000,
          ...(return_code === undefined ? {} : { return_code }),
          ...(error_message === undefined ? {} : { error_message }),
          ...(outcome.metadata === undefined ? {} : { metadata: outcome.metadata }),
        });
        run.log.info(
          `=== ${name}: ${outcome.status}${error_message === undefined ? '' : `: ${error_message}`} ===`,
        );
        if (outcome.status === 'failed' && step.on_failure !== 'continue')
          failure = { message: `${name}: ${error_message}`, outcome };
      }
      const metadata = { steps: results };
      if (!failure) return { status: 'success', metadata };
      const { outcome, message } = failure;
      const error_class = outcome.status === 'failed' ? outcome.error_class : undefined;
      return {
        status: 'failed',
        error_message: message,
        metadata,
        ...(error_class === undefined ? {} : { error_class }),
        ...(outcome.return_code === undefined ? {} : { return_code: outcome.return_code }),
      };
    },
  };
}
