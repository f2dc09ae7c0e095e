import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  drawsInSoftware,
  graphicsPlace,
  hasRenderDevice,
  readFoundGraphics,
  writeFoundGraphics,
} from '../../../../src-main/shells/electron/graphics';
import { tempFolder } from '../../../support/temp-folder';

const day = 24 * 3600 * 1000;
const now = Date.parse('2026-03-02T08:00:00Z');
const found = { software: true, place: '45.0.0 Console', at: now - day };
const facts = { device: undefined, found, place: '45.0.0 Console', now };

describe('how the window is drawn', () => {
  it('is decided by the devices where they can be seen', () => {
    expect(drawsInSoftware({ ...facts, device: false, found: undefined })).toBe(true);
    expect(drawsInSoftware({ ...facts, device: true })).toBe(false);
  });

  it.each([
    { name: 'the last start found no graphics processor', change: {}, software: true },
    { name: 'nothing is known', change: { found: undefined }, software: false },
    { name: 'it found one', change: { found: { ...found, software: false } }, software: false },
    {
      name: 'a week has passed: it is tried again',
      change: { found: { ...found, at: now - 8 * day } },
      software: false,
    },
    {
      name: 'the finding is of another session',
      change: { place: graphicsPlace({ SESSIONNAME: 'RDP-Tcp#4' }, '45.0.0') },
      software: false,
    },
    {
      name: 'the clock was set back since',
      change: { found: { ...found, at: now + day } },
      software: false,
    },
  ])('elsewhere: $name', ({ change, software }) => {
    expect(drawsInSoftware({ ...facts, ...change })).toBe(software);
  });

  it('takes one remote session for another', () => {
    const place = (SESSIONNAME: string) => graphicsPlace({ SESSIONNAME }, '45.0.0');
    expect(place('RDP-Tcp#4')).toBe(place('RDP-Tcp#11'));
    expect(place('RDP-Tcp#4')).not.toBe(place('Console'));
  });

  it('sees a device that can draw on Linux, and says nothing of other systems', () => {
    const folder = tempFolder();
    expect(hasRenderDevice('linux', join(folder, 'none'))).toBe(false);
    expect(hasRenderDevice('linux', folder)).toBe(false);
    mkdirSync(join(folder, 'by-path'));
    expect(hasRenderDevice('linux', folder)).toBe(false);
    writeFileSync(join(folder, 'renderD128'), '');
    expect(hasRenderDevice('linux', folder)).toBe(true);
    expect(hasRenderDevice('win32', folder)).toBeUndefined();
  });

  it.each([
    '',
    '{',
    'null',
    '{"software":"yes","place":"","at":1}',
    '{"software":true,"place":"x","at":null}',
  ])('is not led astray by a finding that reads %j', (text) => {
    const file = join(tempFolder(), 'graphics.json');
    writeFileSync(file, text);
    expect(readFoundGraphics(file)).toBeUndefined();
    writeFoundGraphics(file, found);
    expect(readFoundGraphics(file)).toEqual(found);
  });
});
