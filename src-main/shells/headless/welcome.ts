/** Tells, on stdout, how to get in. The login link works once, within 15 minutes. */
export function announce(facts: {
  readonly mode: string;
  readonly address: string | undefined;
  readonly keyFile: string;
  readonly firstKey: string | undefined;
  readonly loginToken: string | undefined;
  readonly noAuth: boolean;
  readonly dataFolder: string;
}): void {
  const lines = [`Job Scheduler is running (--mode ${facts.mode}); data in ${facts.dataFolder}`];
  if (facts.address === undefined)
    lines.push('No pages are served; start a second copy with --mode web on the same data for them');
  else lines.push(`Address:     ${facts.address}`);
  if (facts.noAuth) lines.push('No keys are needed (--no-auth)');
  else {
    if (facts.address && facts.loginToken)
      lines.push(`Log in once: ${facts.address}/login?token=${facts.loginToken}`);
    lines.push(`Key file:    ${facts.keyFile}`);
    if (facts.firstKey) lines.push(`Admin key:   ${facts.firstKey}  (shown this once)`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
