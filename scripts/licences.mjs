// Which packages of others the program is made of, with their licences. Used by the build of the window.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that end up in the window; they are installed for the build only. */
const ofTheWindow = [
  '@fluentui/react-components',
  '@fluentui/react-icons',
  '@tanstack/react-virtual',
  'monaco-editor',
  'monaco-yaml',
  'react',
  'react-dom',
  'react-router',
  'recharts',
  'zustand',
];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function licenceText(folder) {
  const name = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|-|$)/i.test(one));
  return name === undefined
    ? undefined
    : readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n').trim();
}

/** All packages reachable from the program's own, each once, by name; equal texts are kept once. */
export function collectLicences(root) {
  const modules = join(root, 'node_modules');
  const { dependencies = {}, optionalDependencies = {} } = readJson(join(root, 'package.json'));
  const waiting = [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...ofTheWindow];
  const packages = new Map();
  const texts = [];
  while (waiting.length > 0) {
    const name = waiting.pop();
    const folder = join(modules, name);
    if (packages.has(name) || !existsSync(join(folder, 'package.json'))) continue;
    const read = readJson(join(folder, 'package.json'));
    const text = licenceText(folder);
    if (text !== undefined && !texts.includes(text)) texts.push(text);
    packages.set(name, {
      name,
      version: read.version,
      license: typeof read.license === 'string' ? read.license : (read.license?.type ?? 'see its text'),
      text: text === undefined ? -1 : texts.indexOf(text),
    });
    waiting.push(...Object.keys(read.dependencies ?? {}), ...Object.keys(read.optionalDependencies ?? {}));
  }
  return { packages: [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), texts };
}
