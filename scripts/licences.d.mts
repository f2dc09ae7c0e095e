/** All packages that the program is made of, each once, by name; equal licence texts are kept once. */
export function collectLicences(root: string): {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly license: string;
    /** Place of its text in `texts`; -1 when it ships none. */
    readonly text: number;
  }[];
  readonly texts: readonly string[];
};
