import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal';

/** Words that may follow each command: its subcommands and its options. Keys are command paths, `jobs run`. */
export function completionWords(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const globals = program.options.flatMap((option) => option.long ?? []);
  const visit = (command: Command, path: readonly string[]) => {
    const names = command.commands.map((child) => child.name());
    const own = command === program ? [] : command.options.flatMap((option) => option.long ?? []);
    words.set(path.join(' '), [...names, ...own, ...globals, '--help']);
    for (const child of command.commands) visit(child, [...path, child.name()]);
  };
  visit(program, []);
  return words;
}

/** Commands whose next word is the id of a job. */
const takesJob = /^(jobs (show|run|enable|disable|remove|export)|why|next)$/;

export function bashCompletion(words: ReadonlyMap<string, readonly string[]>): string {
  const cases = [...words].map(
    ([path, all]) => `    ${JSON.stringify(path)}) words=${JSON.stringify(all.join(' '))} ;;`,
  );
  const groups = [...words.keys()].filter((path) => path !== '').map((path) => JSON.stringify(path));
  const jobs = [...words.keys()].filter((path) => takesJob.test(path)).map((path) => JSON.stringify(path));
  return `# bash completion for job-scheduler: eval "$(job-scheduler completion bash)"
_job_scheduler() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= word words= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "\${path:+$path }$word" in
      ${groups.join(' | ')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  case "$path" in
    ${jobs.join(' | ')})
      [[ $current == -* ]] || words="$(job-scheduler jobs list --json 2>/dev/null | sed -n 's/^      "job_id": "\\(.*\\)",\\{0,1\\}$/\\1/p')" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _job_scheduler job-scheduler
`;
}

const quoted = (text: string): string => `'${text.replace(/'/g, "''")}'`;

export function powershellCompletion(words: ReadonlyMap<string, readonly string[]>): string {
  const entries = [...words].map(([path, all]) => `    ${quoted(path)} = @(${all.map(quoted).join(', ')})`);
  const jobs = [...words.keys()].filter((path) => takesJob.test(path)).map(quoted);
  return `# PowerShell completion for job-scheduler: job-scheduler completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName job-scheduler -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${entries.join('\n')}
  }
  $path = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $longer = ("$path " + $element.ToString()).Trim()
    if ($words.ContainsKey($longer)) { $path = $longer }
  }
  $found = $words[$path]
  if ($path -in @(${jobs.join(', ')}) -and -not $wordToComplete.StartsWith('-')) {
    $found = (job-scheduler jobs list --json 2>$null | ConvertFrom-Json).jobs.job_id
  }
  $found | Where-Object { $_ -like "$wordToComplete*" } | Sort-Object |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}

/** `completion bash`, `completion powershell`: prints the script. Needs no running program. */
export function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .argument('<shell>', 'bash or powershell', (shell: string) => {
      if (shell === 'bash' || shell === 'powershell') return shell;
      throw new InvalidArgumentError('expected bash or powershell.');
    })
    .description('print the script that completes commands in a shell')
    .action((shell: string) => {
      const words = completionWords(program);
      terminal.out(shell === 'bash' ? bashCompletion(words) : powershellCompletion(words));
    });
}
