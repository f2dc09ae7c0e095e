import { z } from 'zod';
import { Arguments, Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

const ParameterName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a parameter');

/** Keys of a PowerShell job (specification, section 8). */
export const PowerShellConfig = z
  .strictObject({
    script_path: FilePath.optional(),
    script_content: z
      .string()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('the script itself, instead of a file'),
    parameters: z
      .union([Arguments, z.record(ParameterName, z.union([z.string(), z.number(), z.boolean()]))])
      .optional()
      .describe('a list as on the command line, or a mapping: name: value (true and false are switches)'),
    execution_policy: z
      .enum(['Restricted', 'AllSigned', 'RemoteSigned', 'Unrestricted', 'Bypass', 'Undefined', 'Default'])
      .optional(),
    host: z.enum(['powershell', 'pwsh']).optional().describe('Windows PowerShell 5.1, or PowerShell 7'),
    working_directory: FilePath.optional(),
    environment: Environment.optional(),
    success_exit_codes: SuccessExitCodes.optional(),
    output_encoding: OutputEncoding.optional(),
  })
  .refine((config) => config.script_path !== undefined || config.script_content !== undefined, {
    message: 'neither script_path nor script_content is given; one of them is needed',
    path: ['script_path'],
  });
export type PowerShellConfig = z.infer<typeof PowerShellConfig>;
