import { describe, expect, it } from 'vitest';
import { welcomeText } from '../../../src-main/shells/headless/welcome';

const facts = {
  mode: 'both',
  address: 'http://127.0.0.1:5000',
  keyFile: '/data/admin.key',
  firstKey: 'jsk_first',
  loginToken: 'once',
  noAuth: false,
  hideKey: false,
  dataFolder: '/data',
};

describe('what the program says of itself at its start', () => {
  it('is the address, a login link and the first key, where a person reads it', () => {
    const text = welcomeText(facts);
    for (const words of ['http://127.0.0.1:5000/login?token=once', '/data/admin.key', 'jsk_first'])
      expect(text).toContain(words);
  });

  it('lets nobody in who reads the log of a service (S24)', () => {
    const text = welcomeText({ ...facts, hideKey: true });
    expect(text).toContain('/data/admin.key');
    expect(text).toContain('http://127.0.0.1:5000');
    expect(text).not.toMatch(/jsk_first|token=|once/);
  });
});
