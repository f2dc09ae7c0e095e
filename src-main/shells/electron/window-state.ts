import { z } from 'zod';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const WindowState = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(1).max(20_000),
  height: z.number().int().min(1).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export const leastSize = { width: 720, height: 520 };
const usual: WindowState = { width: 1360, height: 880, maximized: false };
/** So much of the title bar must be on a screen for a hand to take it by. */
const leastVisible = { width: 120, height: 32 };

/**
 * Where the window opens: where it was, if that can still be seen. A screen may be gone, or smaller; then it opens
 * in the usual size, in the middle of the first screen (no place given).
 */
export function placeWindow(stored: WindowState | undefined, screens: readonly Area[]): WindowState {
  const first = screens[0] ?? { x: 0, y: 0, width: 1280, height: 800 };
  const sized = (state: WindowState, screen: Area): WindowState => ({
    ...state,
    width: Math.min(Math.max(state.width, leastSize.width), screen.width),
    height: Math.min(Math.max(state.height, leastSize.height), screen.height),
  });
  if (!stored) return sized(usual, first);
  const { x, y } = stored;
  if (x === undefined || y === undefined) return sized(stored, first);
  const seen = screens.find((screen) => {
    const width = Math.min(x + stored.width, screen.x + screen.width) - Math.max(x, screen.x);
    const isBarVisible = y >= screen.y - 8 && y <= screen.y + screen.height - leastVisible.height;
    return width >= leastVisible.width && isBarVisible;
  });
  if (seen) return sized(stored, seen);
  return sized({ width: stored.width, height: stored.height, maximized: stored.maximized }, first);
}
