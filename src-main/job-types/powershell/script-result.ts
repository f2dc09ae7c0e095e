import { z } from 'zod';

/** What the wrapper leaves in result.json. */
const ScriptResult = z.object({
  outcome: z.enum(['completed', 'failed', 'policy', 'constrained']),
  policy: z.string().optional(),
  error: z
    .object({
      message: z.string(),
      id: z.string().optional(),
      script: z.string().nullish(),
      line: z.number().optional(),
      column: z.number().optional(),
      text: z.string().nullish(),
    })
    .optional(),
});
export type ScriptResult = z.infer<typeof ScriptResult>;
export type ScriptError = NonNullable<ScriptResult['error']>;

/** The wrapper's word on how it went; undefined when it never came to it, or the script ended the process itself. */
export function readScriptResult(text: string | undefined): ScriptResult | undefined {
  if (text === undefined) return undefined;
  try {
    return ScriptResult.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data;
  } catch {
    return undefined;
  }
}

const oneLine = (text: string, longest: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

/** `Cannot find path ... (cleanup.ps1, line 12, column 5: Get-Item C:\nope)`. `inline` is the file of script_content. */
export function describeScriptError(error: ScriptError, inline: string | undefined): string {
  const message = oneLine(error.message, 600);
  if (!error.script || error.line === undefined) return message;
  const name =
    error.script === inline ? 'script_content' : (error.script.split(/[\\/]/).at(-1) ?? error.script);
  const column = error.column !== undefined && error.column > 0 ? `, column ${error.column}` : '';
  const text = error.text ? `: ${oneLine(error.text, 120)}` : '';
  return `${message} (${name}, line ${error.line}${column}${text})`;
}
