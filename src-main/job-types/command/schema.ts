import { z } from 'zod';
import { Arguments, Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

/** Keys of a command job (specification, section 8). */
export const CommandConfig = z.strictObject({
  command: z
    .string()
    .min(1, 'must not be empty')
    .max(32_768)
    .refine((value) => !value.includes('\0'), 'holds a NUL character')
    .describe('the program: a path, or a name on PATH; a line for the shell only with shell: true'),
  shell: z
    .boolean()
    .optional()
    .describe(
      'command is a line for sh or cmd.exe, with pipes and redirections; no macros are filled into it',
    ),
  stdin: z
    .string()
    .max(10_000_000)
    .optional()
    .describe('text for its standard input, where a secret is safe from other users'),
  arguments: Arguments.optional().describe('each entry one argument, passed byte for byte'),
  working_directory: FilePath.optional(),
  environment: Environment.optional(),
  success_exit_codes: SuccessExitCodes.optional().describe(
    'codes that mean success, or robocopy, msiexec, xcopy, sqlcmd, dtexec',
  ),
  output_encoding: OutputEncoding.optional().describe(
    'how its output is read; default: what the console writes',
  ),
});
export type CommandConfig = z.infer<typeof CommandConfig>;
