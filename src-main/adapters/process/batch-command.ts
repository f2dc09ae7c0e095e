/** `.bat` and `.cmd` run inside cmd.exe, whose quoting can't carry every argument (CVE-2024-27980). */
export function isBatchFile(file: string): boolean {
  return /\.(bat|cmd)[. ]*$/i.test(file);
}

const refused = /["%!^&|<>()\r\n\0]/;

export type BatchCommand =
  | { readonly kind: 'ok'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * cmd.exe's command line for a batch file. An argument with a character that cmd.exe would act on is refused by
 * name instead of escaped: no escaping holds through every level of batch expansion.
 */
export function batchCommand(file: string, args: readonly string[], comspec: string): BatchCommand {
  for (const text of [file, ...args]) {
    const match = refused.exec(text);
    if (!match) continue;
    const shown = JSON.stringify(match[0]);
    return {
      kind: 'refused',
      reason: `A batch file can't be given the character ${shown} safely (in ${JSON.stringify(text.slice(0, 80))}); call a program or a PowerShell script instead`,
    };
  }
  const quoted = [file, ...args].map((text) => (text === '' || /[\s,;=]/.test(text) ? `"${text}"` : text));
  return { kind: 'ok', file: comspec, args: ['/d', '/s', '/c', `"${quoted.join(' ')}"`] };
}
