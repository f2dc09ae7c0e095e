import type { PowerShellConfig } from './schema';

/**
 * Whether what a host wrote says that a policy forbade the script. The names of the error and the number of
 * Microsoft's page on policies stand in every language's message (about_Execution_Policies, LinkID=135170).
 */
export function isPolicyRefusal(errors: string): boolean {
  return /PSSecurityException|UnauthorizedAccess\b|about_Execution_Policies|LinkID=135170/.test(errors);
}

/** What to do about a policy, in a sentence. `policy` is the one in force, where it is known. */
export function describePolicyRefusal(
  config: Pick<PowerShellConfig, 'execution_policy'>,
  policy: string | undefined,
): string {
  const inForce = policy ? `The execution policy ${policy}` : 'The execution policy of this machine';
  const advice =
    config.execution_policy === undefined
      ? 'set execution_policy in the job (RemoteSigned runs local scripts)'
      : `execution_policy is ${config.execution_policy} in the job; a group policy comes before it, and AllSigned needs a signed script`;
  return `${inForce} does not let PowerShell run this script: ${advice}`;
}
