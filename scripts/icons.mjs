// Draws every icon of the product from its SVG in assets/source: node scripts/icons.mjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import pngToIco from 'png-to-ico';

const assets = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets');
const draw = (name, size) =>
  new Resvg(readFileSync(join(assets, 'source', `${name}.svg`), 'utf8'), {
    fitTo: { mode: 'width', value: size },
  })
    .render()
    .asPng();

const save = (name, bytes) => {
  writeFileSync(join(assets, name), bytes);
  console.log(`assets/${name}: ${bytes.length} bytes`);
};

mkdirSync(join(assets, 'icons'), { recursive: true });
mkdirSync(join(assets, 'tray'), { recursive: true });
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512];
for (const size of appSizes) save(`icons/${size}x${size}.png`, draw('app', size));
save('icon.png', draw('app', 512));
save('icon.ico', await pngToIco(appSizes.filter((size) => size <= 256).map((size) => draw('app', size))));

// Windows takes the sizes of an .ico by the screen's scale; the others take the @2x file beside the first.
for (const state of ['normal', 'running', 'paused', 'failed']) {
  save(`tray/${state}.png`, draw(`tray-${state}`, 16));
  save(`tray/${state}@2x.png`, draw(`tray-${state}`, 32));
  save(`tray/${state}.ico`, await pngToIco([16, 20, 24, 32, 48].map((size) => draw(`tray-${state}`, size))));
}
