import { describe, expect, it } from 'vitest';
import { placeWindow } from '../../../../src-main/shells/electron/window-state';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const left = { x: -1920, y: 0, width: 1920, height: 1080 };

describe('place of the window', () => {
  it('opens in its usual size, where the system likes, at the first start', () => {
    expect(placeWindow(undefined, [screen])).toEqual({ width: 1360, height: 880, maximized: false });
  });

  it('opens where it was', () => {
    const stored = { x: -1800, y: 40, width: 1000, height: 700, maximized: true };
    expect(placeWindow(stored, [screen, left])).toEqual(stored);
  });

  it('comes back to a screen that is there when its own is gone', () => {
    const stored = { x: -1800, y: 40, width: 1000, height: 700, maximized: false };
    expect(placeWindow(stored, [screen])).toEqual({ width: 1000, height: 700, maximized: false });
  });

  it('is never larger than its screen or too small to be used', () => {
    const stored = { x: 10, y: 10, width: 5000, height: 10, maximized: false };
    expect(placeWindow(stored, [screen])).toMatchObject({ width: 1920, height: 520 });
  });

  it('comes back when only a corner of it could be seen', () => {
    const stored = { x: 1900, y: 1030, width: 900, height: 600, maximized: false };
    expect(placeWindow(stored, [screen])).toEqual({ width: 900, height: 600, maximized: false });
  });
});
