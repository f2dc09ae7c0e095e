import { app, utilityProcess } from 'electron';
import type { StartQueryWorker } from '../../adapters/sql/sqlite/query-worker';

/** A worker as a process of Electron's own: the program itself can't be started as plain Node (fuse `runAsNode`). */
export const startUtilityWorker: StartQueryWorker = async (workerFile, environment) => {
  await app.whenReady();
  const child = utilityProcess.fork(workerFile, [], {
    env: { ...environment },
    execArgv: [],
    stdio: 'ignore',
    serviceName: 'Job Scheduler query',
  });
  let isOver = false;
  let killsAtStart = false;
  child.once('exit', () => {
    isOver = true;
  });
  child.once('spawn', () => {
    if (killsAtStart) child.kill();
  });
  return {
    send(order) {
      if (!isOver) child.postMessage(order);
    },
    kill() {
      if (isOver) return;
      killsAtStart = true;
      child.kill();
    },
    onMessage: (listener) => void child.on('message', listener),
    onError: (listener) =>
      void child.on('error', (type, location) => listener(new Error(`${type} in ${location}`))),
    onExit: (listener) => void child.once('exit', (code) => listener(String(code))),
  };
};
