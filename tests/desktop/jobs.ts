/** Jobs of the desktop tests: plain Node programs, which are there wherever the tests run. */
const node = JSON.stringify(process.execPath);

const job = (id: string, name: string, script: string, more = '') => `
  - id: ${id}
    name: ${name}
    type: command
    command: ${node}
    arguments: ['-e', ${JSON.stringify(script)}]
    max_retries: 0
${more}`;

export const jobsYaml = `jobs:${job('quick', 'Quick one', 'console.log("done here")')}${job(
  'broken',
  'Broken & bad',
  'console.error("no such table");process.exit(3)',
)}${job('long', 'Long one', 'setInterval(()=>console.log("tick"),100)', '    keep_awake: true\n')}`;
