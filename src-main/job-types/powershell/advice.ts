import type { Issue } from '../../../src-shared/model/issue';
import type { PowerShellConfig } from './schema';

/** Cmdlets and forms that Windows PowerShell has and PowerShell 7 lacks. Source: Microsoft, "Differences between Windows PowerShell 5.1 and PowerShell 7". */
const only51 =
  /\b(Clear-EventLog|Get-EventLog|Write-EventLog|Limit-EventLog|New-EventLog|Remove-EventLog|Show-EventLog|Get-WmiObject|Set-WmiInstance|Invoke-WmiMethod|Remove-WmiObject|Register-WmiEvent|New-WebServiceProxy|Export-Console|Add-PSSnapin|Checkpoint-Computer)\b/i;

/** Operators of PowerShell 7 that Windows PowerShell can't even parse. */
const only7 = /\?\?=?|\?\.\w|\bForEach-Object\s+-Parallel\b|\bTest-Json\b/i;

const interactive = /\b(Read-Host|Out-GridView|Get-Credential)\b/i;

/** Text without comments, so that a word in one worries nobody. Good enough for advice. */
function withoutComments(script: string): string {
  return script.replace(/<#[\s\S]*?(?:#>|$)/g, '').replace(/(^|\s)#.*$/gm, '$1');
}

function adviseScript(content: string, config: PowerShellConfig): Issue[] {
  const code = withoutComments(content);
  const warn = (message: string): Issue => ({ path: 'script_content', message, severity: 'warning' });
  const issues: Issue[] = [];
  const asks = interactive.exec(code)?.[0];
  if (asks)
    issues.push(warn(`${asks} waits for a person, and there is none: a scheduled script fails there`));
  const old = only51.exec(code)?.[0];
  if (old && config.host === 'pwsh')
    issues.push(warn(`${old} does not exist in PowerShell 7 (host: pwsh); set host: powershell`));
  const recent = only7.exec(code)?.[0];
  if (recent && config.host === 'powershell')
    issues.push(warn(`"${recent.trim()}" needs PowerShell 7; set host: pwsh`));
  return issues;
}

/** Doubts about a job that is valid. */
export function advise(config: PowerShellConfig): Issue[] {
  const issues: Issue[] = [];
  const warn = (path: string, message: string) => issues.push({ path, message, severity: 'warning' });
  if (config.script_path !== undefined && config.script_content !== undefined)
    warn('script_content', 'script_content is not used: script_path is given too and comes first');
  else if (config.script_content !== undefined) issues.push(...adviseScript(config.script_content, config));
  if (
    config.script_path !== undefined &&
    !/\.ps1$/i.test(config.script_path) &&
    !config.script_path.includes('{{')
  )
    warn('script_path', 'script_path does not end in .ps1: PowerShell refuses to run other files');
  if (config.execution_policy === 'Restricted')
    warn('execution_policy', 'execution_policy: Restricted runs no script at all; use RemoteSigned');
  if (config.execution_policy === 'AllSigned' && config.script_path === undefined)
    warn('execution_policy', 'execution_policy: AllSigned refuses script_content, which is not signed');
  return issues;
}
