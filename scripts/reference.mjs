// Writes docs/yaml-reference.md anew from the schemas. Usage: npm run reference.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../tests/bench/support.mjs';

const { yamlReference } = await importTypeScript('tests/support/yaml-reference.ts');
const file = fileURLToPath(new URL('../docs/yaml-reference.md', import.meta.url));
writeFileSync(file, yamlReference());
console.log(`docs/yaml-reference.md  ${yamlReference().split('\n').length} lines`);
