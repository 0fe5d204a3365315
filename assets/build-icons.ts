/**
 * Build every icon from SVG: `npm run icons`. Pictures are drawn by the system's Chromium, so what is checked in is what a
 * browser shows. The tray's shapes carry the state; colour never speaks alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

type TrayState = 'ok' | 'warning' | 'critical' | 'unreachable' | 'muted';

/** What a tray icon is drawn with; `template` is black with alpha, which macOS colours itself. */
interface Ink {
  readonly ring: string;
  readonly warning: string;
  readonly critical: string;
}
const TEMPLATE: Ink = { ring: '#000', warning: '#000', critical: '#000' };
/** Mid-tones that stand out from light and dark panels alike. */
const COLOURED: Ink = { ring: '#8b949e', warning: '#d29922', critical: '#e5534b' };

const RING = (ink: Ink, dash = ''): string =>
  `<circle cx="11" cy="11" r="7.5" fill="none" stroke="${ink.ring}" stroke-width="2.4" ${dash}/>`;

const SHAPES: Readonly<Record<TrayState, (ink: Ink) => string>> = {
  ok: (ink) => RING(ink),
  warning: (ink) => `${RING(ink)}<path d="M15.5 9.2 21 19.2H10z" fill="${ink.warning}" stroke="none"/>`,
  // The mark is cut out, so that a template image, of which only the alpha counts, has it too.
  critical: (ink) =>
    '<mask id="cut"><rect width="22" height="22" fill="#fff"/>' +
    '<path d="M11 6.4v6" stroke="#000" stroke-width="2.6" stroke-linecap="round"/><circle cx="11" cy="15.6" r="1.5"/></mask>' +
    `<rect x="3" y="3" width="16" height="16" rx="3.5" fill="${ink.critical}" mask="url(#cut)"/>`,
  unreachable: (ink) => RING(ink, 'stroke-dasharray="3.4 2.5"'),
  muted: (ink) => `${RING(ink)}<path d="M5 17 17 5" stroke="${ink.ring}" stroke-width="2.4" stroke-linecap="round"/>`,
};

const traySvg = (state: TrayState, ink: Ink): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22">${SHAPES[state](ink)}</svg>`;

async function draw(page: Page, svg: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  const image = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}img{display:block;width:${size}px;height:${size}px}</style><img src="${image}">`,
  );
  await page.locator('img').evaluate((img: HTMLImageElement) => img.decode());
  return page.screenshot({ omitBackground: true, type: 'png' });
}

/** An icon file of PNG pictures. Source: Microsoft, "The format of icon resources"; PNG entries since Windows Vista. */
function ico(pictures: readonly { readonly size: number; readonly png: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  pictures.forEach(({ size, png }, i) => {
    const at = 6 + 16 * i;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** Apple's icon container; each entry is a PNG. Source: Apple, "Icon Services", ic07–ic14. */
function icns(pictures: readonly { readonly type: string; readonly png: Buffer }[]): Buffer {
  const entries = pictures.map(({ type, png }) => {
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const body = Buffer.concat(entries);
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

const here = import.meta.dirname;
const browser = await chromium.launch({
  executablePath: process.env['VEDETTE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});
const page = await browser.newPage();
const write = (name: string, data: Buffer | string): void => {
  writeFileSync(join(here, name), data);
};
mkdirSync(join(here, 'icons'), { recursive: true });
mkdirSync(join(here, 'tray'), { recursive: true });

const appSvg = readFileSync(join(here, 'icon.svg'), 'utf8');
const app = new Map<number, Buffer>();
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) app.set(size, await draw(page, appSvg, size));
const picture = (size: number): Buffer => app.get(size) ?? Buffer.alloc(0);
for (const size of [16, 32, 48, 64, 128, 256, 512]) write(`icons/${size}x${size}.png`, picture(size));
write('icon.png', picture(512));
write('icon.ico', ico([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: picture(size) }))));
write(
  'icon.icns',
  icns([
    { type: 'ic07', png: picture(128) },
    { type: 'ic08', png: picture(256) },
    { type: 'ic09', png: picture(512) },
    { type: 'ic10', png: picture(1024) },
  ]),
);

for (const state of Object.keys(SHAPES) as TrayState[]) {
  write(`tray/${state}.svg`, `${traySvg(state, COLOURED)}\n`);
  write(`tray/${state}.png`, await draw(page, traySvg(state, COLOURED), 22));
  write(`tray/${state}@2x.png`, await draw(page, traySvg(state, COLOURED), 44));
  write(`tray/${state}Template.png`, await draw(page, traySvg(state, TEMPLATE), 16));
  write(`tray/${state}Template@2x.png`, await draw(page, traySvg(state, TEMPLATE), 32));
  const sizes = [16, 20, 24, 32, 48];
  const pictures = [];
  for (const size of sizes) pictures.push({ size, png: await draw(page, traySvg(state, COLOURED), size) });
  write(`tray/${state}.ico`, ico(pictures));
}
await browser.close();
