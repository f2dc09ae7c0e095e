import { z } from 'zod';
import { Arguments, Environment, FilePath, OutputEncoding, SuccessExitCodes } from '../shared-keys';

const ParameterName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable')
  .refine((name) => !keywords.has(name), 'is a word of Python’s own');

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** What JSON can say, so that it can be written as Python. */
const ParameterValue: z.ZodType = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(ParameterValue),
    z.record(z.string(), ParameterValue),
  ]),
);

const Requirement = z
  .string()
  .min(1, 'must not be empty')
  .max(2000)
  .regex(/^[^\r\n\0]*$/, 'must be one line');

/** Keys of a Python job (specification, section 8). */
export const PythonConfig = z
  .strictObject({
    script_path: FilePath.optional().describe(
      'the script, or a notebook (.ipynb); relative paths begin at the jobs file',
    ),
    script_content: z
      .string()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('the script itself, instead of a file; it is kept in a private file only while it runs'),
    module: z
      .string()
      .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'is not the name of a module, e.g. package.tool')
      .optional()
      .describe('a module to run, as python -m does; it is looked for in working_directory first'),
    arguments: Arguments.optional().describe('each entry one argument, passed byte for byte'),
    parameters: z
      .record(ParameterName, ParameterValue)
      .optional()
      .describe(
        'for a notebook: values set in a cell after the one tagged "parameters" (or before the first cell)',
      ),
    environment: Environment.optional(),
    virtual_env: FilePath.optional().describe('folder of a virtual environment; nothing is installed in it'),
    python: FilePath.optional().describe(
      'the interpreter: a path, or a name on PATH; default: virtual_env, else python on PATH, else the py launcher',
    ),
    requirements: z
      .union([FilePath, z.array(Requirement).min(1).max(500)])
      .optional()
      .describe(
        'packages the job needs: a requirements file, or its lines. They are installed once, in an environment of their own that is kept for every job with the same requirements and Python',
      ),
    working_directory: FilePath.optional().describe(
      "default: the script's folder; for script_content and module the folder of the jobs file",
    ),
    success_exit_codes: SuccessExitCodes.optional().describe('codes of sys.exit that mean success'),
    output_encoding: OutputEncoding.optional().describe(
      'how the output is read, where the script sets its own; default: UTF-8, which Python is told to write',
    ),
  })
  .superRefine((config, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const isNotebook = isNotebookPath(config.script_path);
    if (
      config.script_path === undefined &&
      config.script_content === undefined &&
      config.module === undefined
    )
      issue(
        'script_path',
        'neither script_path nor script_content nor module is given; one of them is needed',
      );
    if (config.module !== undefined && config.script_path !== undefined)
      issue('module', 'module and script_path are both given; one of them runs');
    if (config.module !== undefined && config.script_content !== undefined)
      issue('module', 'module and script_content are both given; one of them runs');
    if (config.requirements !== undefined && config.virtual_env !== undefined)
      issue(
        'requirements',
        'requirements and virtual_env are both given; requirements get an environment of their own (python names its interpreter), and nothing is installed in virtual_env',
      );
    if (config.parameters !== undefined && !isNotebook)
      issue(
        'parameters',
        'parameters are for notebooks (script_path ending in .ipynb); scripts take arguments',
      );
  });
export type PythonConfig = z.infer<typeof PythonConfig>;

export function isNotebookPath(path: string | undefined): boolean {
  return path !== undefined && /\.ipynb$/i.test(path);
}
