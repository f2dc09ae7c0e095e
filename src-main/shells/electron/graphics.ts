import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { App } from 'electron';

/** What a start found out about drawing, for the next one: it has to decide before it can ask. */
export interface FoundGraphics {
  /** No graphics processor drew: Chromium did it in software, after it had tried. */
  readonly software: boolean;
  /** Where that was so: another session (a remote desktop) or another Electron may have one. */
  readonly place: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A card may have been put in, or a driver mended: it is tried again after this time. */
const validMs = 7 * 24 * 3600 * 1000;

/** What must be the same for an earlier finding to count. */
export const graphicsPlace = (
  environment: Readonly<Record<string, string | undefined>>,
  electron: string,
): string => {
  // Remote desktops are numbered anew at each connection.
  const session = environment.SESSIONNAME?.replace(/#\d+$/, '') ?? environment.DISPLAY ?? '';
  return `${electron} ${session}`.trim();
};

/** A finding that stands in a file; undefined for none, or one that can't be understood. */
export function readFoundGraphics(file: string): FoundGraphics | undefined {
  try {
    const { software, place, at } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof software === 'boolean' && typeof place === 'string' && Number.isFinite(at)
      ? { software, place, at }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; a failure costs the next start a moment. */
export function writeFoundGraphics(file: string, found: FoundGraphics): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(found));
    renameSync(`${file}.new`, file);
  } catch {
    // As if nothing had been found.
  }
}

/** Whether Linux shows a device that can draw; undefined where that can't be seen. */
export function hasRenderDevice(platform: string, folder = '/dev/dri'): boolean | undefined {
  if (platform !== 'linux') return undefined;
  try {
    return readdirSync(folder).some((name) => /^renderD\d+$/.test(name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : undefined;
  }
}

/**
 * Whether to draw in software from the start. Servers, virtual machines and remote desktops have no graphics processor;
 * Chromium finds that out anew at each start, which costs it some tenths of a second and a process with its memory.
 */
export function drawsInSoftware(facts: {
  readonly device: boolean | undefined;
  readonly found: FoundGraphics | undefined;
  readonly place: string;
  /** Epoch ms. */
  readonly now: number;
}): boolean {
  const { device, found, place, now } = facts;
  if (device !== undefined) return !device;
  if (!found || found.place !== place || found.at > now || now - found.at > validMs) return false;
  return found.software;
}

/** Decides how this start draws; must be called before Electron is ready. Gives whether it is in software. */
export function chooseGraphics(app: App, file: string): boolean {
  const place = graphicsPlace(process.env, process.versions.electron ?? '');
  const facts = { device: hasRenderDevice(process.platform), found: readFoundGraphics(file), place };
  if (drawsInSoftware({ ...facts, now: Date.now() })) {
    app.disableHardwareAcceleration();
    return true;
  }
  // What a person asked for says nothing about the machine.
  if (!app.commandLine.hasSwitch('disable-gpu'))
    app.on('gpu-info-update', () => {
      const software = !app.getGPUFeatureStatus().gpu_compositing.startsWith('enabled');
      writeFoundGraphics(file, { software, place, at: Date.now() });
    });
  return false;
}
