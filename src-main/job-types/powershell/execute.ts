import { dirname } from 'node:path';
import type { RunContext, RunOutcome } from '../../core/job-type';
import type { Host, TemporaryFolder } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { withTail } from '../output-tail';
import { isWindowsPath, resolvePath, runProcess } from '../run-process';
import { textValues } from '../shared-keys';
import { hostArguments, parameterArguments } from './command-line';
import { describePolicyRefusal, isPolicyRefusal } from './policy';
import { wrapperRequest } from './request';
import type { PowerShellConfig } from './schema';
import { describeScriptError, readScriptResult, type ScriptResult } from './script-result';
import wrapper from './wrapper.ps1?raw';

export interface Execution {
  readonly processRunner: ProcessRunner;
  readonly host: Host;
  readonly program: string;
  readonly config: PowerShellConfig;
  /** The script's file; in `folder` when it is script_content. */
  readonly script: string;
  readonly folder: TemporaryFolder;
  readonly run: RunContext;
}

/** Runs a host on a file and says how it ended, and what it wrote as errors. */
async function runHost(
  { processRunner, host, program, config, script, run }: Execution,
  args: readonly string[],
  outputEncoding: string | undefined,
): Promise<{ outcome: RunOutcome; errors: string }> {
  const isInline = config.script_path === undefined;
  const own = isInline || isWindowsPath(script) ? host.jobsFolder : dirname(script);
  const tail = withTail(run.log, ['stderr']);
  const outcome = await runProcess(
    { processRunner, host },
    {
      label: 'The script',
      successExitCodes: config.success_exit_codes,
      spec: {
        file: program,
        args,
        cwd: config.working_directory === undefined ? own : resolvePath(host, config.working_directory),
        env: {
          NO_COLOR: '1',
          POWERSHELL_TELEMETRY_OPTOUT: '1',
          POWERSHELL_UPDATECHECK: 'Off',
          ...textValues(config.environment),
        },
        outputEncoding,
      },
    },
    { ...run, log: tail.log },
  );
  return { outcome, errors: tail.text() };
}

/** The script itself behind -File: for signed scripts, which a wrapper without a signature can't run. */
async function runDirectly(execution: Execution): Promise<RunOutcome> {
  const { config, host, run, script } = execution;
  const isWindows = host.platform === 'win32';
  const parameters = parameterArguments(config.parameters);
  if (parameters === undefined) {
    const reason =
      'parameters hold a list as a value, which can not be passed to a script that is run on its own (execution_policy AllSigned, or an application control policy)';
    run.log.info(reason);
    return { status: 'failed', error_message: reason, error_class: 'configuration' };
  }
  const args = [...hostArguments(script, config.execution_policy, isWindows), ...parameters];
  const { outcome, errors } = await runHost(execution, args, config.output_encoding);
  if (outcome.status === 'failed' && outcome.return_code !== undefined && isPolicyRefusal(errors))
    return {
      ...outcome,
      error_message: describePolicyRefusal(config, undefined),
      error_class: 'configuration',
    };
  return outcome;
}

/** A failed outcome with the script's own error in place of the last line it wrote. */
function explained(outcome: RunOutcome, result: ScriptResult | undefined, execution: Execution): RunOutcome {
  const { config, script } = execution;
  if (outcome.status === 'success' || outcome.return_code === undefined || result === undefined)
    return outcome;
  if (result.outcome === 'policy')
    return {
      ...outcome,
      error_message: describePolicyRefusal(config, result.policy),
      error_class: 'configuration',
    };
  if (result.error === undefined) return outcome;
  const text = describeScriptError(result.error, config.script_path === undefined ? script : undefined);
  return {
    ...outcome,
    error_message:
      result.outcome === 'failed'
        ? `The script failed: ${text}`
        : `The script ended with exit code ${outcome.return_code}; its last error: ${text}`,
  };
}

/** Runs a script in the wrapper, or on its own where policies leave no other way. */
export async function executeScript(execution: Execution): Promise<RunOutcome> {
  const { config, folder, host, run, script } = execution;
  const isWindows = host.platform === 'win32';
  if (isWindows && (config.execution_policy === 'AllSigned' || config.execution_policy === 'Restricted'))
    return runDirectly(execution);
  if (!isWindows && config.execution_policy !== undefined)
    run.log.info('execution_policy is not used: there are no execution policies on this system');

  const file = await folder.write('wrapper.ps1', wrapper);
  await folder.write('request.json', wrapperRequest(config, script));
  const args = hostArguments(file, config.execution_policy, isWindows);
  const { outcome, errors } = await runHost(execution, args, config.output_encoding ?? 'utf-8');
  const result = readScriptResult(await folder.read('result.json'));
  if (outcome.status === 'failed' && outcome.return_code !== undefined) {
    const isRefused = result === undefined && isPolicyRefusal(errors) && errors.includes('wrapper.ps1');
    if (isRefused || result?.outcome === 'constrained') {
      run.log.info('A policy of this machine asks for signed scripts: the script is run on its own');
      return runDirectly(execution);
    }
  }
  if (outcome.status === 'success' && errors.trim() !== '' && config.error_action === undefined)
    run.log.info(
      `The script wrote errors, but ended with exit code ${outcome.return_code}, a success. error_action: Stop would make the first error a failure`,
    );
  return explained(outcome, result, execution);
}
