import { spawn, spawnSync } from 'node:child_process';

/** A screen for the desktop tests where there is none: an Xvfb that ends with them. */
export default async function setup(): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux' || process.env.DISPLAY) return undefined;
  if (spawnSync('Xvfb', ['-help']).error) return undefined;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.once('data', (text: Buffer) => resolve(String(text).trim()));
  });
  process.env.DISPLAY = `:${display}`;
  return () => {
    server.kill();
  };
}
