import { AppError } from '../../../src-shared/errors';
import type { JobParams, ParamValues } from '../../../src-shared/model/params';

type Value = string | number | boolean;

/** `5` for a number, `true` for a boolean: by what the job declares. Anything that does not fit stays text and is refused there. */
function typed(text: string, type: string | undefined): Value {
  const isNumber =
    (type === 'integer' || type === 'number') && text.trim() !== '' && Number.isFinite(Number(text));
  if (isNumber) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function fromJson(text: string): Record<string, Value> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('validation_failed', `--params is no JSON: ${(error as Error).message}`);
  }
  for (const [name, one] of Object.entries(value as object))
    if (!['string', 'number', 'boolean'].includes(typeof one))
      throw new AppError(
        'validation_failed',
        `--params: ${name} is ${JSON.stringify(one)}; expected a text, a number, true or false`,
      );
  return value as Record<string, Value>;
}

/** Values of `--params`: each is `name=value`, or a JSON object; a later one wins. */
export function paramValues(given: readonly string[], declared: JobParams): ParamValues {
  const values = new Map<string, Value>();
  for (const text of given) {
    if (text.trimStart().startsWith('{')) {
      for (const [name, value] of Object.entries(fromJson(text))) values.set(name, value);
      continue;
    }
    const at = text.indexOf('=');
    if (at < 1)
      throw new AppError(
        'validation_failed',
        `--params is "${text}"; expected name=value or {"name": value}`,
      );
    const name = text.slice(0, at).trim();
    values.set(name, typed(text.slice(at + 1), declared[name]?.type));
  }
  return Object.fromEntries(values);
}
