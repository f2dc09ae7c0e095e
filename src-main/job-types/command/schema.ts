import { z } from 'zod';
import { Arguments, Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

/** Keys of a command job (specification, section 8). */
export const CommandConfig = z.strictObject({
  command: FilePath.describe('the program: a path, or a name on PATH; never a shell line'),
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
