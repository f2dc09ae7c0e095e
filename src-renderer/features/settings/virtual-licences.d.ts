/** Made at the build by vite.renderer.config.mts. */
declare module 'virtual:licences' {
  export const licences: {
    readonly packages: readonly {
      readonly name: string;
      readonly version: string;
      readonly license: string;
      /** Place of its text in `texts`; -1 when it ships none. */
      readonly text: number;
    }[];
    readonly texts: readonly string[];
  };
}
