/** What Agent fills in, and what says the same here. Source: "Use tokens in job steps", SQL Server documentation. */
const tokens: Readonly<Record<string, string>> = {
  A_DBN: 'the database of an alert; nothing here answers alerts',
  A_SVR: 'the server of an alert; nothing here answers alerts',
  A_ERR: 'the error of an alert; nothing here answers alerts',
  A_SEV: 'the severity of an alert; nothing here answers alerts',
  A_MSG: 'the message of an alert; nothing here answers alerts',
  JOBNAME: 'the name of the job; here {{ job_name }}',
  STEPNAME: 'the name of the step; write it out',
  STEPID: 'the number of the step; write it out',
  JOBID: 'the id of the job; here {{ job_id }}',
  STEPCOUNT: 'the times the step has run with its retries; here {{ attempt }}',
  DATE: 'the date of now; here {{ start_time | yyyyMMdd }}',
  TIME: 'the time of now; here {{ start_time | HHmmss }}',
  STRTDT: 'the date the job began; here {{ start_time | yyyyMMdd }}',
  STRTTM: 'the time the job began; here {{ start_time | HHmmss }}',
  INST: 'the name of the instance; write it out',
  SRVR: 'the name of the server; write it out',
  MACH: 'the name of the computer; write it out',
  MSSA: 'the name of the server service; write it out',
  OSCMD: 'the program for commands; write it out',
  SQLDIR: 'the folder of SQL Server; write it out',
  SQLLOGDIR: 'the folder of error logs; write it out',
};

const form =
  /\$\((?:ESCAPE_(?:SQUOTE|DQUOTE|RBRACKET|NONE)\(\s*(WMI\([^)]*\)|\w+)\s*\)|(WMI\([^)]*\)|\w+))\)/gi;

/**
 * The tokens of a command, a sentence each. A name in `$(...)` that is none of Agent's is left alone: in PowerShell it is
 * an expression.
 */
export function tokensIn(command: string): readonly string[] {
  const found = new Map<string, string>();
  for (const [text, escaped, bare] of command.matchAll(form)) {
    const name = (escaped ?? bare ?? '').toUpperCase();
    const why = name.startsWith('WMI(')
      ? 'a property of a WMI alert; nothing here answers alerts'
      : tokens[name];
    if (why !== undefined) found.set(text, `${text} is filled in by Agent: ${why}`);
    else if (escaped !== undefined)
      found.set(text, `${text} is filled in by Agent, by a name it does not document`);
  }
  return [...found.values()];
}
