import { type CheckedDefinition, checkJob, type DocumentJobTypes } from './job-document/check-job';
import type { ParsedDocument } from './job-document/parse';

export type { DocumentJobType, DocumentJobTypes, DocumentSurroundings } from './job-document/check-job';
export {
  editJobDocument,
  formatJobDocument,
  formatJobsFile,
  toConfiguration,
  withJobId,
} from './job-document/format';
export {
  definitionFromJson,
  type ParsedDocument,
  type ParsedFile,
  type ParsedJob,
  parseJobDocument,
  parseJobsFile,
} from './job-document/parse';

/** Reads a `configuration` column back; rows of the Python program, with either name of a key, are read too. */
export function fromConfiguration(value: unknown, jobTypes: DocumentJobTypes): ParsedDocument {
  const checked: CheckedDefinition = checkJob(value, jobTypes);
  return { definition: checked.definition, issues: checked.issues.map(({ issue }) => issue) };
}
