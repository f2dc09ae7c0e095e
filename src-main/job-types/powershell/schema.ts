import { z } from 'zod';
import { Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

const ParameterName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a parameter');

/** Text, number, true/false as they are; `Items: {a: 1}` has no form on the way into PowerShell that keeps types. */
const scalar = z.union([
  z.string({
    error:
      'expected text, a number, true, false or a list of these (a mapping: give it as JSON text, and read it in the script with ConvertFrom-Json; an empty text: write "")',
  }),
  z.number(),
  z.boolean(),
]);
const ParameterValue = z.union([scalar, z.array(scalar).max(5000)]);
export type ParameterValue = z.infer<typeof ParameterValue>;

/** The streams a script may be silent on by default. */
const Stream = z.enum(['verbose', 'debug', 'information']);

/** Keys of a PowerShell job (specification, section 8). */
export const PowerShellConfig = z
  .strictObject({
    script_path: FilePath.optional().describe('the script file; relative paths begin at the jobs file'),
    script_content: z
      .string()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('the script itself, instead of a file; it is kept in a private file only while it runs'),
    parameters: z
      .union([z.array(ParameterValue).max(5000), z.record(ParameterName, ParameterValue)])
      .optional()
      .describe(
        'a mapping, name: value (true and false are switches, a list is an array), or a list as on a command line: [-Name, value, -Switch]. Values are passed as they are; nothing in them is evaluated',
      ),
    execution_policy: z
      .enum(['Restricted', 'AllSigned', 'RemoteSigned', 'Unrestricted', 'Bypass', 'Undefined', 'Default'])
      .optional()
      .describe(
        'for this run alone, on Windows; elsewhere there are no policies. A group policy comes before it. AllSigned runs the script without telling its streams apart, and without arrays as parameters',
      ),
    host: z
      .enum(['powershell', 'pwsh'])
      .optional()
      .describe(
        'powershell: Windows PowerShell 5.1; pwsh: PowerShell 7. Default: scheduler.powershell_host, else powershell on Windows and pwsh elsewhere',
      ),
    error_action: z
      .enum(['Continue', 'Stop', 'SilentlyContinue'])
      .optional()
      .describe(
        "$ErrorActionPreference as the script begins. Continue (PowerShell's default) goes on after an error and ends with code 0, a success; Stop makes the first error end the script with code 1, a failure",
      ),
    streams: z
      .array(Stream)
      .max(3)
      .optional()
      .describe(
        'streams to show besides output, errors and warnings, as VERBOSE:, DEBUG: and INFORMATION: lines; default [information]',
      ),
    working_directory: FilePath.optional().describe("default: the script's folder"),
    environment: Environment.optional(),
    success_exit_codes: SuccessExitCodes.optional().describe(
      'codes of `exit N` that mean success; an error that ends the script is 1',
    ),
    output_encoding: OutputEncoding.optional().describe(
      'how the output is read, where the script sets its own; default: UTF-8, which the console is set to',
    ),
  })
  .refine((config) => config.script_path !== undefined || config.script_content !== undefined, {
    message: 'neither script_path nor script_content is given; one of them is needed',
    path: ['script_path'],
  });
export type PowerShellConfig = z.infer<typeof PowerShellConfig>;
