import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { yamlReference } from '../../support/yaml-reference';

describe('docs/yaml-reference.md', () => {
  it('is what the schemas say (npm run reference writes it anew)', () => {
    // A checkout on Windows may have other line ends.
    expect(readFileSync('docs/yaml-reference.md', 'utf8').replaceAll('\r\n', '\n')).toBe(yamlReference());
  });
});
