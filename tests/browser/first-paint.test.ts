import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../support/real-types';

describe("the window's first paint", () => {
  it('brings nothing of the code editor, and nothing made for developers', () => {
    const assets = join(projectFolder, 'out/renderer/assets');
    const index = readFileSync(join(projectFolder, 'out/renderer/index.html'), 'utf8');
    const first = [...index.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((found) => found[1] ?? '');
    const seen = new Set<string>();
    const visit = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      const text = readFileSync(join(assets, name), 'utf8');
      for (const found of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
        visit(found[1] ?? '');
    };
    for (const name of first) visit(name);
    expect(seen.size).toBeGreaterThan(0);
    for (const name of seen) {
      expect(name).not.toMatch(/monaco|editor|yaml/);
      const text = readFileSync(join(assets, name), 'utf8');
      expect(text).not.toContain('MonacoEnvironment');
      // A word of the React that is made for developers, and slow.
      expect(text).not.toContain('deprecated in plain JavaScript React classes');
    }
    expect(readdirSync(assets).some((name) => name.startsWith('monaco-'))).toBe(true);
  });
});
