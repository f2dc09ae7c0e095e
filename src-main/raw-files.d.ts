/** Scripts for other interpreters, built into the program as text. */
declare module '*?raw' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: the bundler gives a file's text under this name
  export default text;
}
