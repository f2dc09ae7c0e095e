import { z } from 'zod';

/** Windows opens a device for these, whatever their ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;

/** Whether a file of that name is shown and served: one plain name, nothing that means something in a path. */
export function isArtifactName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 200 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    !/[\u0000-\u001f\u007f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(name) &&
    !/^\.{1,2}$/.test(name) &&
    !/[. ]$/.test(name) &&
    !deviceName.test(name)
  );
}

export const ArtifactName = z.string().refine(isArtifactName, 'is not the name of an artifact');

/** A file that an execution left: a report, a notebook, what its program wrote to ARTIFACTS_DIR. */
export const Artifact = z.object({
  name: z.string(),
  bytes: z.number().int(),
  modified_date: z.string(),
});
export type Artifact = z.infer<typeof Artifact>;
