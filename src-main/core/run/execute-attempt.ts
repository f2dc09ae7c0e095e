import { macroRules } from '../../../src-shared/macros/check-macros';
import { fillMacros } from '../../../src-shared/macros/fill-macros';
import type { ParamValues } from '../../../src-shared/model/params';
import type { RunContext, RunOutcome } from '../job-type';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Job } from '../jobs/job';
import type { Logger } from '../ports/logger';
import type { Redactor } from '../secrets/redactor';
import type { SkippedRun } from './outcome';
import { checkPreconditions, type PreconditionDeps } from './preconditions';
import { fillConfig, macroLookup } from './run-config';
import { paramsOf, zoneOf } from './run-params';

export interface AttemptDeps extends PreconditionDeps {
  readonly jobTypes: JobTypeRegistry;
  readonly secrets: { open(name: string): string };
  readonly redactor: Redactor;
  readonly logger: Logger;
}

/** Keys whose values are passwords although they stand in the definition itself. */
const passwordKey = /pass(word|wd)?$/i;

function passwordsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return passwordKey.test(key) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => passwordsIn(child, name));
}

/** What an attempt came to, and the params it had. */
export type AttemptResult = (RunOutcome | SkippedRun) & { readonly params?: ParamValues };

/**
 * Runs a definition once: params checked, macros filled, then the type's `execute`. Everything that keeps it from
 * running is its outcome; it never throws.
 */
export async function executeAttempt(
  deps: AttemptDeps,
  job: Job,
  given: ParamValues,
  timing: { readonly started: number; begin(): void },
  context: RunContext,
): Promise<AttemptResult> {
  const { definition, disabledReason } = job;
  let run = context;
  const fail = (error_message: string): RunOutcome => {
    run.log.info(error_message);
    return { status: 'failed', error_message, error_class: 'configuration' };
  };
  const type = deps.jobTypes.get(definition.job_type);
  if (!type) return fail(`This program has no job type "${definition.job_type}"`);
  if (disabledReason) return fail(disabledReason);
  try {
    const facts = {
      job_id: definition.job_id,
      job_name: definition.name,
      execution_id: run.environment.EXECUTION_ID ?? String(run.execution_id),
      attempt: run.attempt,
      scheduled_time: run.scheduled_time,
      start_time: timing.started,
    };
    const definitions = definition.params ?? {};
    const noSecrets = () => {
      throw new Error('secrets have no place in defaults');
    };
    const resolved = paramsOf(job, given, macroLookup(facts, { definitions: {}, values: {} }, noSecrets));
    const [issue] = resolved.issues;
    if (issue) return fail(`The run can't begin: ${issue.message}`);
    const params = definition.params ? { params: resolved.values } : {};
    const lookup = macroLookup(facts, { definitions, values: resolved.values }, deps.secrets.open);
    if (definition.run_as_password !== undefined) {
      const password = fillMacros(definition.run_as_password, lookup, zoneOf(job));
      if (password.problem !== undefined)
        return { ...fail(`run_as_password: ${password.problem}`), ...params };
      run = { ...run, runAsPassword: String(password.value) };
    }
    const { preconditions } = definition;
    if (preconditions) {
      // A command's arguments are no place for secrets, here neither.
      const plain = macroLookup(facts, { definitions, values: resolved.values }, noSecrets);
      const checked = await checkPreconditions(deps, preconditions, run, plain, zoneOf(job));
      if (checked.kind !== 'met') run.log.info(checked.reason);
      if (checked.kind === 'skip') return { status: 'skipped', reason: checked.reason, ...params };
      if (checked.kind === 'fail') {
        const { reason: error_message, error_class } = checked;
        return { status: 'failed', error_message, error_class, ...params };
      }
    }
    timing.begin();
    const filled = fillConfig(definition.config, macroRules(type, definition.config), lookup, zoneOf(job));
    if (filled.problem !== undefined) return { ...fail(filled.problem), ...params };
    const config = type.configSchema.safeParse(filled.config);
    if (!config.success) {
      const [first] = config.error.issues;
      return {
        ...fail(`The definition can't be used: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}`),
        ...params,
      };
    }
    deps.redactor.learn(`job:${definition.job_id}`, passwordsIn(filled.config));
    return { ...(await type.execute(config.data, run)), ...params };
  } catch (error) {
    // Job types return their failures; what they throw is their bug, and still only this run's problem.
    deps.logger.error(`job type ${type.type} threw`, {
      error: deps.redactor.text(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    return { status: 'failed', error_message: error instanceof Error ? error.message : String(error) };
  }
}
