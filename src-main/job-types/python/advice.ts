import type { Issue } from '../../../src-shared/model/issue';
import { isNotebookPath, type PythonConfig } from './schema';

/** A line of requirements that another day may fill with another version. */
function isUnpinned(line: string): boolean {
  const text = line.replace(/\s#.*$/, '').trim();
  return /^[A-Za-z0-9]/.test(text) && !/[=<>~@]|\.whl$|\.tar\.gz$|[\\/]/.test(text);
}

/** Doubts about a job that is valid. */
export function advise(config: PythonConfig): Issue[] {
  const issues: Issue[] = [];
  const warn = (path: string, message: string) => issues.push({ path, message, severity: 'warning' });
  if (config.script_path !== undefined && config.script_content !== undefined)
    warn('script_content', 'script_content is not used: script_path is given too and comes first');
  if (config.virtual_env !== undefined && config.python !== undefined)
    warn('python', 'python is not used: virtual_env is given too and comes first');
  if (isNotebookPath(config.script_path) && config.arguments !== undefined)
    warn('arguments', 'arguments are not used: a notebook takes parameters');
  const content = config.script_path === undefined ? config.script_content : undefined;
  if (content !== undefined && /^[^#\n]*\binput\s*\(/m.test(content))
    warn('script_content', 'input() waits for a person, and there is none: a scheduled script fails there');
  if (content !== undefined && /^[ \t]*[%!][ \t]*pip\b|^[ \t]*%\w+/m.test(content))
    warn('script_content', 'lines with % or ! are for notebooks; Python itself can not read them');
  const unpinned = Array.isArray(config.requirements) ? config.requirements.find(isUnpinned) : undefined;
  if (unpinned !== undefined)
    warn(
      'requirements',
      `"${unpinned.trim()}" names no version: what is installed depends on the day; write e.g. ${unpinned.trim()}==1.2.3`,
    );
  return issues;
}
