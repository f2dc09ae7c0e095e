import type { Issue } from '../model/issue';
import { pathText } from './zod-words';

export type Path = readonly (string | number)[];

/** An issue with its path in steps, so that the caller can find its place in the text. */
export interface LocatedIssue {
  readonly path: Path;
  readonly issue: Issue;
}

export type Dict = Record<string, unknown>;
/** A mapping of YAML or JSON. */
export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `schedule[1].cron_params.hour` in steps. */
export function stepsOf(path: string): Path {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** Gathers what is wrong with one job; `prefix` is where it stands in its document. */
export interface Collector {
  add(path: Path, message: string, severity?: 'error' | 'warning'): void;
  readonly issues: LocatedIssue[];
  readonly hasErrors: boolean;
}

export function createCollector(prefix: Path): Collector {
  const issues: LocatedIssue[] = [];
  return {
    issues,
    add(path, message, severity = 'error') {
      const full = [...prefix, ...path];
      issues.push({ path: full, issue: { path: pathText(full), message, severity } });
    },
    get hasErrors() {
      return issues.some(({ issue }) => issue.severity === 'error');
    },
  };
}
