import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal';

/** Words that may follow each command: its subcommands and its options. Keys are command paths, `jobs run`. */
export function completionWords(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const globals = program.options.flatMap((option) => option.long ?? []);
  const visit = (command: Command, path: readonly string[]) => {
    const shown = command.createHelp().visibleCommands(command);
    const names = shown.map((child) => child.name()).filter((name) => name !== 'help');
    const own = command === program ? [] : command.options.flatMap((option) => option.long ?? []);
    words.set(path.join(' '), [...new Set([...names, ...own, ...globals, '--help'])]);
    for (const child of shown) if (child.name() !== 'help') visit(child, [...path, child.name()]);
  };
  visit(program, []);
  return words;
}

/** Commands that take the name of something the running program knows. */
const takes: Readonly<Record<string, RegExp>> = {
  jobs: /^(jobs (show|run|enable|disable|remove|export)|why|next)$/,
  executions: /^executions (show|logs|cancel|rerun|bundle)$/,
  connections: /^connections test$/,
};

/** Options that are followed by the id of a job. */
const jobOptions = ['--job'];
/** Options that say which program is meant: the one that is asked. */
const targetOptions = ['--data', '--url', '--key-file'];

type Words = ReadonlyMap<string, readonly string[]>;

function kindsOf(words: Words): readonly (readonly [kind: string, paths: readonly string[]])[] {
  return Object.entries(takes).map(([kind, pattern]) => [
    kind,
    [...words.keys()].filter((path) => pattern.test(path)),
  ]);
}

export function bashCompletion(words: Words): string {
  const text = (value: string) => JSON.stringify(value);
  const cases = [...words].map(([path, all]) => `    ${text(path)}) words=${text(all.join(' '))} ;;`);
  const groups = [...words.keys()].filter((path) => path !== '').map(text);
  const names = kindsOf(words).map(([kind, paths]) => `    ${paths.map(text).join(' | ')}) kind=${kind} ;;`);
  return `# bash completion for job-scheduler: eval "$(job-scheduler completion bash)"
_job_scheduler() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path= word words= kind= index
  local -a target=() line=()
  # By blanks, as COMP_WORDS has addresses in pieces.
  read -ra line <<< "\${COMP_LINE:0:COMP_POINT}"
  for ((index = 1; index < \${#line[@]} - 1; index++)); do
    case "\${line[index]}" in
      ${targetOptions.join(' | ')}) target+=("\${line[index]}" "\${line[++index]}") ;;
    esac
  done
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "$word" in
      ${targetOptions.join(' | ')}) ((index++)); continue ;;
    esac
    case "\${path:+$path }$word" in
      ${groups.join(' | ')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$before" in
    --data) COMPREPLY=($(compgen -d -- "$current")); return ;;
    --key-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --url) return ;;
  esac
  case "$path" in
${cases.join('\n')}
  esac
  if [[ $current != -* ]]; then
    case "$path" in
${names.join('\n')}
    esac
    case "$before" in
      ${jobOptions.join(' | ')}) kind=jobs ;;
    esac
    [[ -z $kind ]] || words="$("$1" "\${target[@]}" known-names "$kind" -- "$current" 2>/dev/null </dev/null)"
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -gt 0 || -n $kind ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _job_scheduler job-scheduler
`;
}

const quoted = (text: string): string => `'${text.replace(/'/g, "''")}'`;

export function powershellCompletion(words: Words): string {
  const entries = [...words].map(([path, all]) => `    ${quoted(path)} = @(${all.map(quoted).join(', ')})`);
  const names = kindsOf(words).flatMap(([kind, paths]) =>
    paths.map((path) => `    ${quoted(path)} = ${quoted(kind)}`),
  );
  return `# PowerShell completion for job-scheduler: job-scheduler completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName job-scheduler -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${entries.join('\n')}
  }
  $kinds = @{
${names.join('\n')}
  }
  $path = ''; $before = ''; $target = @()
  $given = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  for ($index = 1; $index -lt $given.Count; $index++) {
    $before = $given[$index]
    if ($before -in @(${targetOptions.map(quoted).join(', ')})) {
      if ($index + 1 -lt $given.Count) { $target += $before, $given[$index + 1].Trim("'\`""); $index++; $before = '' }
      continue
    }
    $longer = ("$path " + $before).Trim()
    if ($words.ContainsKey($longer)) { $path = $longer }
  }
  $found = $words[$path]
  $kind = if ($before -in @(${jobOptions.map(quoted).join(', ')})) { 'jobs' } else { $kinds[$path] }
  if ($kind -and -not $wordToComplete.StartsWith('-')) {
    $found = try { & $commandAst.CommandElements[0].ToString() @target known-names $kind '--' $wordToComplete 2>$null } catch { @() }
  }
  $found | Where-Object { $_ -like ([WildcardPattern]::Escape($wordToComplete) + '*') } | Sort-Object |
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
