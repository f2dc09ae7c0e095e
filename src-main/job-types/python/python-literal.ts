/** A JSON value as Python source. Everything in it is data: texts are quoted, nothing is evaluated. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  // JSON's escapes are Python's too; what JSON leaves as it is, Python takes as it is.
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float("${value}")`;
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  const entries = Object.entries(value as object).map(
    ([key, child]) => `${JSON.stringify(key)}: ${pythonLiteral(child)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** `name = value` lines for the cell of parameters. */
export function parameterSource(parameters: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(parameters).map(([name, value]) => `${name} = ${pythonLiteral(value)}`);
  return ['# Parameters of this run', ...lines].join('\n');
}
