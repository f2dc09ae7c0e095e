import { describe, expect, it } from 'vitest';
import { maskedYaml } from '../../../../src-main/core/security/masked-yaml';

describe('the text of a job as others may read it', () => {
  it('keeps its lines and comments, and hides what keys and environments hold', () => {
    const text = `# why: see wiki
id: a
environment:
  PLAIN: canary # why
  BLOCK: |
    canary
    canary
  LIST: [canary, "canary"]
connection: {server: db, password: 'canary', username: sa}
query_parameters: {api_key: 5, day: 1}
secret_ref:
  password: '{{ secrets.db }}'
notifications:
  on_failure:
    - slack: https://hooks.slack.com/services/T/B/canary
    - webhook: 'https://bob:canary@host.example/x' # here
timeout: 300
`;
    const shown = maskedYaml(text);
    expect(shown).not.toContain('canary');
    expect(shown.split('\n')).toHaveLength(text.split('\n').length);
    for (const kept of [
      '# why: see wiki',
      '  PLAIN: *** # why',
      'server: db',
      'username: sa',
      'day: 1',
      "  password: '{{ secrets.db }}'",
      "    - webhook: 'https://***@host.example/x' # here",
      'timeout: 300',
    ])
      expect(shown).toContain(kept);
  });

  it.each([
    ['what can not be read', 'id: [a\npassword: canary\n'],
    ['a value that an anchor carries elsewhere', 'id: a\nx: &p {token: canary}\ny: *p\n'],
    ['a folded text', 'id: a\nenvironment:\n  A: >-\n    canary\n\n    canary\n'],
    ['a merged mapping', 'base: &b\n  password: canary\nconnection:\n  <<: *b\n'],
    ['nested lists under a secret', 'secrets:\n  - - canary\n    - {a: canary}\n'],
    ['keys in quotes', '"password": "canary"\n'],
    ['a long plain text', 'token: canary\n  canary more\n'],
  ])('hides %s', (_what, text) => {
    expect(maskedYaml(text)).not.toContain('canary');
    expect(maskedYaml(text).split('\n')).toHaveLength(text.split('\n').length);
  });
});
