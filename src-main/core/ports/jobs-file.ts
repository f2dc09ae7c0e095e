/** The file named by --config. */
export interface JobsFile {
  /** Absolute path, as shown to people. */
  readonly path: string;
  /** Its text; undefined when there is no such file. Throws AppError `unavailable` when it can't be read. */
  read(): Promise<string | undefined>;
}

export interface JobTemplate {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly yaml: string;
}

export interface TemplateSource {
  list(): Promise<JobTemplate[]>;
}
