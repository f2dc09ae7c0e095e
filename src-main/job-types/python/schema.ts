import { z } from 'zod';
import { Arguments, Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

/** Keys of a Python job (specification, section 8). */
export const PythonConfig = z
  .strictObject({
    script_path: FilePath.optional(),
    script_content: z
      .string()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('the script itself, instead of a file'),
    arguments: Arguments.optional(),
    environment: Environment.optional(),
    virtual_env: FilePath.optional().describe('folder of a virtual environment'),
    python: FilePath.optional().describe('the interpreter; default: virtual_env, else python on PATH'),
    working_directory: FilePath.optional(),
    success_exit_codes: SuccessExitCodes.optional(),
    output_encoding: OutputEncoding.optional(),
  })
  .refine((config) => config.script_path !== undefined || config.script_content !== undefined, {
    message: 'neither script_path nor script_content is given; one of them is needed',
    path: ['script_path'],
  });
export type PythonConfig = z.infer<typeof PythonConfig>;
