import type { DesktopBridge } from '../../src-shared/desktop-bridge';

declare global {
  interface Window {
    /** Put there by the desktop application's preload script; absent in a browser. */
    readonly desktop?: DesktopBridge;
  }
}

/** The way to the program when this is its desktop window; undefined in a browser. */
export const desktop: DesktopBridge | undefined = typeof window === 'undefined' ? undefined : window.desktop;
