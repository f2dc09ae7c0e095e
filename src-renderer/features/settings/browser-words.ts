const browsers: readonly (readonly [RegExp, string])[] = [
  [/Electron\//, 'Job Scheduler'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Edge on Windows" out of what a browser says of itself; the beginning of that when it is none we know. */
export function browserOf(agent: string): string {
  const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [named(browsers), named(systems)];
  if (!browser) return agent.slice(0, 40) || 'unknown';
  return system ? `${browser} on ${system}` : browser;
}
