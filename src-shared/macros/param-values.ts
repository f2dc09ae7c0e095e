import { nearest } from '../job-document/nearest';
import { shownValue } from '../job-document/zod-words';
import type { Issue } from '../model/issue';
import type { JobParam, JobParams, ParamValues } from '../model/params';
import { fillMacros, type MacroLookup } from './fill-macros';
import { parseDate } from './macro-dates';
import { hasMacros } from './parse-macros';

const wanted: Readonly<Record<JobParam['type'], string>> = {
  string: 'text',
  choice: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date such as 2026-11-24',
};

function isOfType(type: JobParam['type'], value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'choice':
      return typeof value === 'string' && !value.includes('\0');
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && parseDate(value) !== undefined;
  }
}

/** What is wrong with a value for a param; undefined when it fits. */
export function valueProblem(param: JobParam, value: unknown): string | undefined {
  if (!isOfType(param.type, value)) {
    const hint =
      typeof value === 'string' &&
      /^-?\d/.test(value) &&
      (param.type === 'integer' || param.type === 'number')
        ? ' (without quotes)'
        : '';
    return `is ${shownValue(value)}; expected ${wanted[param.type]}${hint}`;
  }
  if (param.choices && !param.choices.includes(value as string)) {
    const shown = param.choices.slice(0, 10).map(shownValue).join(', ');
    return `is ${shownValue(value)}; expected one of ${shown}${param.choices.length > 10 ? ', …' : ''}`;
  }
  return undefined;
}

/** Doubts about the definitions themselves, with paths from `params`. */
export function paramIssues(params: JobParams, isScheduled: boolean): Issue[] {
  const issues: Issue[] = [];
  const add = (path: string, message: string) => issues.push({ path, message, severity: 'error' });
  for (const [name, param] of Object.entries(params)) {
    const path = `params.${name}`;
    if (param.type === 'choice' && !param.choices) add(path, `${path} is a choice; expected choices: [...]`);
    for (const [index, choice] of (param.choices ?? []).entries()) {
      const problem = valueProblem({ ...param, choices: undefined }, choice);
      if (problem) add(`${path}.choices.${index}`, `${path}.choices[${index}] ${problem}`);
    }
    const { default: given } = param;
    if (given === undefined) {
      if (param.required && isScheduled)
        add(
          path,
          `${path} is required and has no default, so a scheduled run could never begin; give it one`,
        );
      continue;
    }
    if (typeof given === 'string' && hasMacros(given)) {
      const probe = fillMacros(given, probeLookup, 'UTC');
      const problem =
        probe.problem ??
        (param.type === 'date'
          ? valueProblem({ ...param, choices: undefined }, dayOf(probe.value))
          : undefined);
      if (problem) add(`${path}.default`, `${path}.default: ${problem}`);
      continue;
    }
    const problem = valueProblem(param, given);
    if (problem) add(`${path}.default`, `${path}.default ${problem}`);
  }
  return issues;
}

/** Only what is known before a run has its params may stand in a default. */
const probeLookup: MacroLookup = (name) =>
  name === 'scheduled_time' || name === 'start_time'
    ? { kind: 'instant', at: Date.UTC(2026, 0, 2) }
    : name === 'job_id'
      ? { kind: 'plain', value: 'x' }
      : { problem: `{{ ${name} }} can't stand in a default; expected scheduled_time, start_time or job_id` };

/** An instant as the day it falls on; other texts as they are. */
const dayOf = (value: string | number | boolean | undefined): unknown =>
  typeof value === 'string' ? value.replace(/^(\d{4}-\d{2}-\d{2})T.*$/, '$1') : value;

export interface ResolvedParams {
  readonly values: ParamValues;
  readonly issues: readonly Issue[];
}

/** Given values checked against the definitions. Nothing is filled in. */
export function checkParams(params: JobParams, given: Readonly<Record<string, unknown>>): Issue[] {
  return Object.entries(given).flatMap(([name, value]): Issue[] => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    const path = `params.${name}`;
    if (!param) {
      const names = Object.keys(params);
      const meant = nearest(name, names);
      const expected = names.length === 0 ? 'the job has no params' : `expected ${names.join(', ')}`;
      const message = `unknown param "${name}" (${shownValue(value)}); ${meant ? `did you mean "${meant}"?` : expected}`;
      return [{ path, message, severity: 'error' }];
    }
    const problem = valueProblem(param, value);
    return problem ? [{ path, message: `${path} ${problem}`, severity: 'error' }] : [];
  });
}

/**
 * A run's values: what was given, else the default (its macros filled by `lookup`), else the empty text. A required
 * one without value, an unknown or an ill-typed one is an issue.
 */
export function resolveParams(
  params: JobParams,
  given: Readonly<Record<string, unknown>>,
  lookup: MacroLookup,
  zone: string,
): ResolvedParams {
  const issues = checkParams(params, given);
  const values: Record<string, string | number | boolean> = {};
  for (const [name, param] of Object.entries(params)) {
    if (Object.hasOwn(given, name)) {
      values[name] = given[name] as string;
      continue;
    }
    if (param.default === undefined) {
      if (param.required)
        issues.push({
          path: `params.${name}`,
          message: `params.${name} is missing; expected ${wanted[param.type]}`,
          severity: 'error',
        });
      else values[name] = '';
      continue;
    }
    if (typeof param.default !== 'string' || !hasMacros(param.default)) {
      values[name] = param.default;
      continue;
    }
    const filled = fillMacros(
      // A day by the job's own clock, not by UTC's.
      param.type === 'date' && !param.default.includes('|')
        ? param.default.replace(/\s*\}\}/, ' | yyyy-MM-dd }}')
        : param.default,
      lookup,
      zone,
    );
    const problem = filled.problem ?? valueProblem(param, filled.value);
    if (problem !== undefined)
      issues.push({ path: `params.${name}`, message: `params.${name} ${problem}`, severity: 'error' });
    else values[name] = filled.value as string;
  }
  return { values, issues };
}
