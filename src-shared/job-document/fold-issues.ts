import type { Issue } from '../model/issue';

const shownNames = 3;

/** `Job "a": what is wrong (line 4)`, as parse.ts and check-job.ts write it. */
const ofJob = /^Job "([^"]{1,60})": (.+?)(?: \(line \d+\))?$/s;

/** `"a", "b", "c" and 1397 more` */
export function fewNames(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

/**
 * Issues for people to read one below the other: a warning that several jobs have for one cause (a saved connection that
 * is not there yet) becomes one, at the place of the first, that says how many jobs it is about. Errors stay each.
 */
export function foldIssues<T extends Issue>(issues: readonly T[]): T[] {
  const causes = new Map<string, { readonly first: T; readonly jobs: string[] }>();
  const folded: (T | { readonly first: T; readonly jobs: string[] })[] = [];
  for (const issue of issues) {
    const [, job, cause] = (issue.severity === 'warning' && ofJob.exec(issue.message)) || [];
    if (job === undefined || cause === undefined) {
      folded.push(issue);
      continue;
    }
    const known = causes.get(cause);
    if (known) known.jobs.push(job);
    else {
      const made = { first: issue, jobs: [job] };
      causes.set(cause, made);
      folded.push(made);
    }
  }
  return folded.map((one) => {
    if (!('jobs' in one)) return one;
    const { first, jobs } = one;
    if (jobs.length === 1) return first;
    const cause = ofJob.exec(first.message)?.[2] ?? '';
    return { ...first, message: `${jobs.length} jobs (${fewNames(jobs)}): ${cause}` };
  });
}
