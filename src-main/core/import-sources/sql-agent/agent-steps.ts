import { withoutMacros } from '../converted-job';
import { splitArguments, windowsCommand } from '../windows-command';
import { type AgentRow, numberOf, textOf } from './agent-rows';
import { tokensIn } from './agent-tokens';

/** Where T-SQL steps are to run. */
export interface StepTarget {
  /** A saved connection, by its id. */
  readonly connection_id: string | undefined;
}

export interface ConvertedStep {
  readonly id: number;
  readonly label: string;
  readonly name: string;
  readonly job_type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
  readonly isIncomplete: boolean;
}

/** Subsystems nothing here stands in for. */
const foreign: Readonly<Record<string, string>> = {
  ACTIVESCRIPTING: 'runs VBScript or JScript inside Agent (gone since SQL Server 2016); nothing here does',
  ANALYSISCOMMAND:
    'sends XMLA to Analysis Services; nothing here speaks to it (a PowerShell step with Invoke-ASCmd can)',
  ANALYSISQUERY:
    'sends MDX to Analysis Services; nothing here speaks to it (a PowerShell step with Invoke-ASCmd can)',
  DISTRIBUTION: 'is an agent of replication, which belongs to the server; leave it there',
  LOGREADER: 'is an agent of replication, which belongs to the server; leave it there',
  MERGE: 'is an agent of replication, which belongs to the server; leave it there',
  QUEUEREADER: 'is an agent of replication, which belongs to the server; leave it there',
  SNAPSHOT: 'is an agent of replication, which belongs to the server; leave it there',
  DTS: 'runs a package of SQL Server 2000; nothing here can',
};

/** The program of a command line, quoted or not, and the rest of it. */
function takeProgram(line: string): readonly [program: string, rest: string] {
  const match = /^\s*(?:"([^"]*)"|(\S+))\s*([\s\S]*)$/.exec(line);
  return [match?.[1] ?? match?.[2] ?? '', match?.[3] ?? ''];
}

interface Done {
  readonly job_type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly maps: string[];
  readonly unmapped: string[];
  readonly isIncomplete?: boolean;
}

function tsqlStep(step: AgentRow, target: StepTarget): Done {
  const command = textOf(step, 'command');
  const database = textOf(step, 'database_name') || 'master';
  const server = textOf(step, 'server');
  const user = textOf(step, 'database_user_name');
  const unmapped: string[] = [];
  if (user !== '')
    unmapped.push(`runs as the database user ${user} there; here as the login of its connection`);
  const query = withoutMacros(command);
  if (target.connection_id !== undefined) {
    // The saved connection has a database of its own.
    const use = `USE [${database.replaceAll(']', ']]')}];\nGO\n`;
    return {
      job_type: 'sql',
      config: {
        connection: { connection_id: target.connection_id },
        query: withoutMacros(use) + query,
        query_type: 'script',
      },
      maps: [`T-SQL in ${database}, over the connection "${target.connection_id}"`],
      unmapped,
    };
  }
  unmapped.push(
    server === ''
      ? 'names no server, as it runs on its own: localhost is written; save a connection and name it instead (steps_connection)'
      : `names the server ${server} and no login: Windows authentication is written`,
  );
  return {
    job_type: 'sql',
    config: {
      connection: {
        server: server === '' ? 'localhost' : server,
        database,
        trusted_connection: true,
        // Agent lets a statement take as long as it takes.
        command_timeout: 0,
      },
      query,
      query_type: 'script',
    },
    maps: [`T-SQL in ${database}`],
    unmapped,
  };
}

function commandStep(step: AgentRow): Done {
  const [line = '', ...more] = textOf(step, 'command').trim().split(/\r?\n/);
  const [program, rest] = takeProgram(line);
  const { config, remarks } = windowsCommand(program, rest);
  const code = numberOf(step, 'cmdexec_success_code', 0);
  return {
    job_type: 'command',
    config: {
      ...config,
      ...(program === '' ? { command: 'nothing-to-run' } : {}),
      ...(code === 0 ? {} : { success_exit_codes: [code] }),
    },
    maps: [
      `CmdExec: ${config.shell === true ? 'a line for the shell' : 'the program, its arguments one by one'}${code === 0 ? '' : `; success is exit code ${code}`}`,
    ],
    unmapped: [
      ...remarks,
      ...(more.some((one) => one.trim() !== '')
        ? ['has several lines; Agent runs the first one only, and so does this']
        : []),
      ...(program === '' ? ['has no command; a placeholder stands for it'] : []),
      ...(config.shell !== true && /[|<>&]/.test(rest)
        ? [
            'has pipes or redirections, which need cmd.exe /c in front: there, as here, they are plain arguments',
          ]
        : []),
    ],
    isIncomplete: program === '',
  };
}

function powershellStep(step: AgentRow): Done {
  return {
    job_type: 'powershell',
    config: {
      script_content: withoutMacros(textOf(step, 'command')) || 'throw "nothing to run"',
      host: 'powershell',
    },
    maps: ['PowerShell: the script, in Windows PowerShell'],
    unmapped: [
      'Agent runs it in sqlps, with its cmdlets loaded and SQLSERVER: as a drive; where it uses them, begin it with Import-Module SqlServer (or SQLPS)',
    ],
  };
}

function packageStep(step: AgentRow): Done {
  const line = textOf(step, 'command');
  // Agent keeps the quotes of names inside the arguments ("\"\SSISDB\...\""); dtexec wants the names.
  const list = splitArguments(line).map((argument) => withoutMacros(argument.replaceAll('"', '')));
  const is32 = list.findIndex((argument) => /^\/X86$/i.test(argument));
  if (is32 >= 0) list.splice(is32, 1);
  const isFile = list.some((argument) => /^\/F(ILE)?$/i.test(argument));
  return {
    job_type: 'command',
    config: { command: 'dtexec', arguments: list, success_exit_codes: 'dtexec' },
    maps: ['SSIS: dtexec with the same options'],
    unmapped: [
      'dtexec must be installed on this machine and on its PATH, in the version of the package',
      ...(is32 >= 0 ? ['/X86: name the dtexec.exe of Program Files (x86) as the command'] : []),
      ...(isFile ? [] : ['a package of the catalog or of msdb runs with the Windows login of the scheduler']),
      ...(/\/(?:DE|DECRYPT)\b/i.test(line)
        ? ['the password behind /DECRYPT is not in a script; save it as a secret']
        : []),
    ],
  };
}

function convertCommand(step: AgentRow, target: StepTarget): Done {
  const subsystem = textOf(step, 'subsystem').toUpperCase() || 'TSQL';
  switch (subsystem) {
    case 'TSQL':
      return tsqlStep(step, target);
    case 'CMDEXEC':
      return commandStep(step);
    case 'POWERSHELL':
      return powershellStep(step);
    case 'SSIS':
      return packageStep(step);
    default:
      return {
        job_type: 'command',
        config: { command: 'nothing-to-run' },
        maps: [],
        unmapped: [
          `${textOf(step, 'subsystem')}: it ${foreign[subsystem] ?? 'is of a subsystem that this import does not know'}; a placeholder stands for it, which fails`,
        ],
        isIncomplete: true,
      };
  }
}

/** A row of sysjobsteps in terms of our job types, with what is not the same here. */
export function convertStep(step: AgentRow, target: StepTarget): ConvertedStep {
  const id = numberOf(step, 'step_id', 1);
  const name = textOf(step, 'step_name').trim();
  const label = `Step ${id}${name === '' ? '' : ` "${name}"`}`;
  const done = convertCommand(step, target);
  const tokens = tokensIn(textOf(step, 'command'));
  const isEmpty = done.job_type === 'sql' && textOf(step, 'command').trim() === '';
  const proxy = textOf(step, 'proxy_name');
  const file = textOf(step, 'output_file_name');
  const unmapped = [
    ...done.unmapped,
    ...tokens,
    ...(isEmpty ? ['has no command; a placeholder stands for it'] : []),
    ...(proxy === '' ? [] : [`runs as the proxy ${proxy} there; name its account as run_as`]),
    ...(file === '' ? [] : [`writes its output to ${file}; here it is kept with each run`]),
  ];
  return {
    id,
    label,
    name: name === '' ? `step ${id}` : name.slice(0, 255),
    job_type: done.job_type,
    config: isEmpty ? { ...done.config, query: "RAISERROR('nothing to run', 16, 1)" } : done.config,
    maps: done.maps.map((text) => `${label}: ${text}`),
    unmapped: unmapped.map((text) => `${label} ${text}`),
    isIncomplete: (done.isIncomplete ?? false) || tokens.length > 0 || isEmpty,
  };
}
