import type { Finding } from '../../../src-shared/model/doctor';
import type { CheckContext } from '../../core/job-type';
import type { ProcessRunner } from '../../core/ports/process-runner';
import type { PowerShellConfig } from './schema';

/** What a host says of itself and of a script's file. */
interface PolicyReading {
  readonly policy: string;
  /** `Valid`, `NotSigned`, ... (SignatureStatus); absent where it could not be asked for. */
  readonly signature?: string;
  /** It carries the mark of a file from elsewhere (Zone.Identifier). */
  readonly downloaded?: boolean;
}

// The script's path comes by a variable: nothing of it is part of the command. A zone below 3 is the own network.
const question = `$r = @{ policy = [string](Get-ExecutionPolicy) }
if ($env:CHECKED_SCRIPT) {
  try { $r.signature = [string](Get-AuthenticodeSignature -LiteralPath $env:CHECKED_SCRIPT).Status } catch {}
  $r.downloaded = [bool]((Get-Content -LiteralPath $env:CHECKED_SCRIPT -Stream Zone.Identifier -ErrorAction SilentlyContinue) -match '^ZoneId=[34]')
}
ConvertTo-Json -Compress -InputObject $r`;

/** The last line of what a host printed that is such an answer; undefined when there is none. */
function readAnswer(printed: string): PolicyReading | undefined {
  const line = printed.split(/\r?\n/).findLast((one) => one.startsWith('{'));
  try {
    const read = JSON.parse(line ?? '') as Readonly<Record<string, unknown>>;
    if (typeof read.policy !== 'string') return undefined;
    return {
      policy: read.policy,
      ...(typeof read.signature === 'string' ? { signature: read.signature } : {}),
      ...(typeof read.downloaded === 'boolean' ? { downloaded: read.downloaded } : {}),
    };
  } catch {
    return undefined;
  }
}

const unlocked = 'as an administrator: Set-ExecutionPolicy RemoteSigned -Scope LocalMachine';

/** What a policy does to a script (about_Execution_Policies): a finding where it would not be run. */
export function policyFindings(
  { policy, signature, downloaded }: PolicyReading,
  { execution_policy, script_path }: Pick<PowerShellConfig, 'execution_policy' | 'script_path'>,
): readonly Finding[] {
  const finding = (message: string, fix: string): readonly Finding[] => [
    { kind: 'policy', severity: 'error', message, fix },
  ];
  const isForced = execution_policy !== undefined && execution_policy !== policy;
  const source = isForced ? ` (a group policy; the job asks for ${execution_policy})` : '';
  const change = isForced
    ? 'have the group policy changed, or the script signed: it comes before execution_policy'
    : execution_policy === undefined
      ? `set execution_policy: RemoteSigned in the job, or ${unlocked}`
      : 'set execution_policy: RemoteSigned in the job';
  const what = script_path ?? 'the script of the job';
  if (policy === 'Restricted')
    return finding(`The execution policy Restricted${source} lets PowerShell run no script`, change);
  const isSigned = signature === 'Valid';
  if (policy === 'AllSigned' && !isSigned)
    return finding(
      `The execution policy AllSigned${source} runs signed scripts only, and ${what} is not: ${signature ?? 'NotSigned'}`,
      script_path === undefined ? change : `sign it, or ${change}`,
    );
  if (policy === 'RemoteSigned' && downloaded === true && !isSigned)
    return finding(
      `The execution policy RemoteSigned${source} does not run ${what}: it came from the internet and is not signed`,
      `read it, then: Unblock-File -LiteralPath '${what.replaceAll("'", "''")}'`,
    );
  return [];
}

/**
 * Asks the host which execution policy holds for this job's runs. Only on Windows, where policies exist; a host that does
 * not answer finds nothing here, its run will say why.
 */
export async function checkPolicy(
  config: PowerShellConfig,
  {
    program,
    script,
    processRunner,
  }: {
    readonly program: string;
    readonly script: string | undefined;
    readonly processRunner: ProcessRunner;
  },
  context: CheckContext,
): Promise<readonly Finding[]> {
  const { execution_policy } = config;
  const ask = async (): Promise<PolicyReading | undefined> => {
    const decoder = new TextDecoder();
    let printed = '';
    const end = await processRunner.run(
      {
        file: program,
        args: [
          '-NoLogo',
          '-NoProfile',
          '-NonInteractive',
          ...(execution_policy === undefined ? [] : ['-ExecutionPolicy', execution_policy]),
          '-Command',
          question,
        ],
        env: { CHECKED_SCRIPT: script ?? '' },
      },
      (stream, chunk) => {
        if (stream === 'stdout') printed = (printed + decoder.decode(chunk, { stream: true })).slice(-10_000);
      },
      context.signal,
    );
    return end.kind === 'exited' ? readAnswer(printed) : undefined;
  };
  const reading = await context.once(`policy ${program} ${execution_policy} ${script}`, ask);
  return reading ? policyFindings(reading, config) : [];
}
