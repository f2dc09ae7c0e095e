import { z } from 'zod';
import { operation } from './operation';
import { ok } from './query';

/** What a job can be made of: its kinds and the templates to begin from; in the contract among the operations of jobs. */
export const jobKinds = {
  types: operation({
    method: 'GET',
    path: '/api/job-types',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'The kinds of job, with the JSON Schema of their keys',
    response: z.object({
      success: ok,
      job_types: z.array(
        z.object({
          type: z.string(),
          label: z.string(),
          schema: z.unknown(),
          editor: z.object({ code: z.record(z.string(), z.string()), primary: z.array(z.string()) }),
        }),
      ),
    }),
    errors: [],
  }),
  templates: operation({
    method: 'GET',
    path: '/api/templates',
    role: 'viewer',
    tag: 'Jobs',
    summary: 'Job templates to begin from',
    response: z.object({
      success: ok,
      templates: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          description: z.string(),
          job_type: z.string(),
          yaml: z.string(),
        }),
      ),
    }),
    errors: [],
  }),
};
