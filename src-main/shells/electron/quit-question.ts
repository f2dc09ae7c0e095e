/** What becomes of the program when somebody quits while jobs run. */
export type QuitChoice = 'stay' | 'after-runs' | 'now';

export interface QuitQuestion {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly choices: readonly QuitChoice[];
}

/** The question; undefined when nothing runs and nothing has to be asked. */
export function quitQuestion(running: readonly string[]): QuitQuestion | undefined {
  const [first] = running;
  if (first === undefined) return undefined;
  const names = [...new Set(running)];
  const shown = names.slice(0, 5).join('\n') + (names.length > 5 ? `\nand ${names.length - 5} more` : '');
  return {
    message: running.length === 1 ? `"${first}" is running` : `${running.length} jobs are running`,
    detail: `${shown}\n\nNothing is scheduled while Job Scheduler is closed.`,
    buttons: ['Quit when they have ended', 'End them and quit', 'Cancel'],
    choices: ['after-runs', 'now', 'stay'],
  };
}
