import type { Fix } from '../document/fixes';
import type { PlacedIssue } from '../document/issue-place';
import type { JsonSchema } from '../document/job-schema';

export type JobSchemaSource = JsonSchema;

/** What the YAML editor asks the page; offsets count in the text that is shown. */
export interface YamlLanguageSource {
  schema(): JsonSchema;
  issues(): readonly PlacedIssue[];
  /** Paragraphs of Markdown about what stands at an offset. */
  hover(offset: number): readonly string[] | undefined;
  /** Mends for what is wrong between two offsets. */
  fixes(start: number, end: number): readonly { readonly fix: Fix; readonly isFirst: boolean }[];
}
