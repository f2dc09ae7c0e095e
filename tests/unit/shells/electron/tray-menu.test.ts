import { describe, expect, it, vi } from 'vitest';
import {
  type TrayActions,
  type TrayFacts,
  trayIcon,
  trayMenu,
  trayTooltip,
} from '../../../../src-main/shells/electron/tray-menu';

const calm: TrayFacts = {
  state: 'running',
  running: 0,
  nextText: 'Nightly load, 02:00',
  recent: [],
  failures: [],
  startsAtLogin: undefined,
  isSafeMode: false,
};
const failure = { execution_id: 'exec_7', name: 'Load & check', when: '02:03', isNew: true };
const noActions: TrayActions = {
  open: () => undefined,
  run: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  setStartAtLogin: () => undefined,
  quit: () => undefined,
};

describe('the tray', () => {
  it('shows what is most pressing: a failure nobody has seen, a pause, a run', () => {
    expect(trayIcon(calm)).toBe('normal');
    expect(trayIcon({ ...calm, running: 2 })).toBe('running');
    expect(trayIcon({ ...calm, running: 2, state: 'paused' })).toBe('paused');
    expect(trayIcon({ ...calm, state: 'paused', failures: [failure] })).toBe('failed');
    expect(trayIcon({ ...calm, failures: [{ ...failure, isNew: false }] })).toBe('normal');
  });

  it('says it in words, in as many as Windows shows', () => {
    expect(trayTooltip({ ...calm, running: 1, failures: [failure] })).toBe(
      'Job Scheduler: scheduling\n1 job failed\n1 job running\nNext: Nightly load, 02:00',
    );
    expect(trayTooltip({ ...calm, state: 'paused', isSafeMode: true })).toBe(
      'Job Scheduler: safe mode, paused',
    );
    expect(trayTooltip({ ...calm, nextText: 'x'.repeat(300) })).toHaveLength(127);
  });

  it('offers recent jobs and last failures, with their names as they are', () => {
    const open = vi.fn();
    const run = vi.fn();
    const recent = [{ job_id: 'load', name: 'Load & check\nnightly' }];
    const menu = trayMenu({ ...calm, recent, failures: [failure] }, { ...noActions, open, run });
    const submenu = (id: string) =>
      menu.find((item) => item.id === id)?.submenu as Electron.MenuItemConstructorOptions[];
    const click = (item: Electron.MenuItemConstructorOptions | undefined) =>
      item?.click?.({} as never, undefined, {} as never);
    expect(submenu('run')[0]?.label).toBe('Load && check nightly');
    click(submenu('run')[0]);
    expect(run).toHaveBeenCalledWith('load');
    click(submenu('failures')[0]);
    expect(open).toHaveBeenCalledWith('/executions/exec_7');
  });

  it('offers to resume what is paused, and nothing where nothing is scheduled', () => {
    const ids = (facts: TrayFacts) => trayMenu(facts, noActions).map(({ id }) => id);
    expect(ids(calm)).toContain('pause');
    expect(ids({ ...calm, state: 'paused' })).toContain('resume');
    const stopped = trayMenu({ ...calm, state: 'stopped' }, noActions).find(({ id }) => id === 'pause');
    expect(stopped?.enabled).toBe(false);
  });
});
