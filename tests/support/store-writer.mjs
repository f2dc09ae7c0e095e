// Writes rows until it is killed, and tells of each one once it is stored.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const { DatabaseSync } = require(
  major > 22 || (major === 22 && minor >= 13) ? 'node:sqlite' : '@photostructure/sqlite',
);
const [file, round] = process.argv.slice(2);
const database = new DatabaseSync(file, { timeout: 5000 });
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
const insert = database.prepare('INSERT INTO facts (name, value) VALUES (?, ?)');
let index = 0;
const next = () => {
  const name = `r${round}-${index}`;
  index += 1;
  insert.run(name, name);
  process.send?.(name);
  setImmediate(next);
};
next();
