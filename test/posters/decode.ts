import type { BrowserContext } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { z } from 'zod';

const pixelsSchema = z.object({ height: z.number(), pixels: z.base64() });

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** What a browser shows of an SVG, `width` pixels wide. */
export async function rasterise(window: BrowserContext, svg: string, width: number): Promise<Picture> {
  const page = await window.newPage();
  const drawn = pixelsSchema.parse(
    await page.evaluate(`(async (source, width) => {
      const picture = new Image();
      picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(source);
      await picture.decode();
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = Math.round((width * picture.naturalHeight) / picture.naturalWidth);
      const context = canvas.getContext('2d');
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let text = '';
      for (let at = 0; at < data.length; at += 0x8000)
        text += String.fromCharCode(...data.subarray(at, at + 0x8000));
      return { height: canvas.height, pixels: btoa(text) };
    })(${JSON.stringify(svg)}, ${String(width)})`),
  );
  await page.close();
  return { width, height: drawn.height, data: new Uint8ClampedArray(Buffer.from(drawn.pixels, 'base64')) };
}

/** A part of a picture, in fractions of its width and height. */
export function cut(picture: Picture, from: number, to: number, top: number, bottom: number): Picture {
  const [left, right] = [Math.floor(from * picture.width), Math.ceil(to * picture.width)];
  const [first, last] = [Math.floor(top * picture.height), Math.ceil(bottom * picture.height)];
  const width = right - left;
  const data = new Uint8ClampedArray(width * (last - first) * 4);
  for (let y = first; y < last; y += 1) {
    const start = (y * picture.width + left) * 4;
    data.set(picture.data.subarray(start, start + width * 4), (y - first) * width * 4);
  }
  return { width, height: last - first, data };
}

/** What a phone reads from it. Throws if it reads nothing. */
export function decode({ width, height, data }: Picture): string {
  return decodeQR({ width, height, data }, { timeLimit: 10_000 });
}
