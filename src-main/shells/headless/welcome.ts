/** How to get in, for stdout. The login link works once, within 15 minutes. `hideKey`: only where the key lies. */
export function welcomeText(facts: {
  readonly mode: string;
  readonly address: string | undefined;
  readonly keyFile: string;
  readonly firstKey: string | undefined;
  readonly loginToken: string | undefined;
  readonly noAuth: boolean;
  readonly hideKey: boolean;
  readonly dataFolder: string;
}): string {
  const lines = [`Job Scheduler is running (--mode ${facts.mode}); data in ${facts.dataFolder}`];
  if (facts.address === undefined)
    lines.push('No pages are served; start a second copy with --mode web on the same data for them');
  else lines.push(`Address:     ${facts.address}`);
  if (facts.noAuth) lines.push('No keys are needed (--no-auth)');
  else {
    if (facts.address && facts.loginToken && !facts.hideKey)
      lines.push(`Log in once: ${facts.address}/login?token=${facts.loginToken}`);
    lines.push(`Key file:    ${facts.keyFile}`);
    if (facts.firstKey && !facts.hideKey) lines.push(`Admin key:   ${facts.firstKey}  (shown this once)`);
  }
  return `\n${lines.join('\n')}\n\n`;
}
