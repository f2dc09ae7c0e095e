import { z } from 'zod';
import { exitCodePresets } from './exit-codes';

/**
 * Variables a job may not set: they would make a program of ours, or the interpreter itself, run foreign code
 * before the job's own (negative test S48).
 */
const blockedVariable =
  /^(NODE_OPTIONS|ELECTRON_RUN_AS_NODE|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|JOB_SCHEDULER_.*)$/i;

const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_().-]*$/, 'is not a name for an environment variable')
  .refine(
    (name) => !blockedVariable.test(name),
    'may not be set by a job: it changes what every program does',
  );

/** Text, or a number or true/false that YAML read as such. */
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const noNul = 'holds a NUL character';

/** The first folder of a PATH that is no full path; a variable or macro in front of it is trusted. */
function relativeFolder(path: string): string | undefined {
  const isWindows = path.includes(';') || /^[A-Za-z]:[\\/]/.test(path);
  return path
    .split(isWindows ? ';' : ':')
    .find((folder) => !/^(\/|[A-Za-z]:[\\/]|\\\\|%|\$|\{\{)/.test(folder));
}

/** `environment:` of a job. Values become text. */
export const Environment = z
  .record(
    VariableName,
    scalar.refine((value) => !String(value).includes('\0'), noNul),
  )
  .superRefine((variables, context) => {
    for (const [name, value] of Object.entries(variables)) {
      if (name.toUpperCase() !== 'PATH') continue;
      const folder = relativeFolder(String(value));
      if (folder !== undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `holds the folder "${folder}"; expected full paths only: whoever can write to the working directory could put a program there`,
        });
    }
  });

/** `arguments:` of a job: each one argument, passed byte for byte. */
export const Arguments = z.array(scalar.refine((value) => !String(value).includes('\0'), noNul)).max(5000);

const path = z
  .string()
  .min(1, 'must not be empty')
  .max(4096)
  .refine((value) => !value.includes('\0'), noNul);

export const FilePath = path;

export const SuccessExitCodes = z.union([
  z.array(z.number().int()).min(1).max(256),
  z.enum(Object.keys(exitCodePresets) as [string, ...string[]]),
]);
export type SuccessExitCodes = z.infer<typeof SuccessExitCodes>;

export function isSuccess(code: number, accepted: SuccessExitCodes | undefined): boolean {
  if (accepted === undefined) return code === 0;
  const codes = typeof accepted === 'string' ? (exitCodePresets[accepted]?.success ?? [0]) : accepted;
  return codes.includes(code);
}

/** Names of encodings without their dashes; code pages that are none of Windows' or DOS' turn out when it runs. */
const encodingName =
  /^(utf(7|8|16|16le|16be|32|32le|32be)|(us)?ascii|latin\d+|iso8859\d+|(windows|win|cp|ibm|ms)?\d{3,5}|koi8(r|u|ru|t)|mac(intosh|roman|cyrillic|greek|turkish|iceland|romania|thai|ukraine|croatian|centeuro)|shiftjis|sjis|eucjp|euckr|gbk|gb2312|gb18030|big5(hkscs)?|tis620|viscii|ucs2)$/;

export const OutputEncoding = z
  .string()
  .max(30)
  .refine(
    (name) => encodingName.test(name.toLowerCase().replace(/[_-]/g, '')),
    'is not the name of an encoding; expected e.g. utf-8, utf-16le, windows-1252, cp850, cp437 or shift_jis',
  );

export function texts(values: readonly (string | number | boolean)[] | undefined): string[] {
  return (values ?? []).map(String);
}

export function textValues(
  values: Readonly<Record<string, string | number | boolean>> | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));
}
