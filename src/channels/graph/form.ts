import { randomUUID } from 'node:crypto';
import type { UploadFile } from './uploads.ts';

/** A multipart body (RFC 7578) with one file. Field names are ours; a file's name has no quotes or line ends. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  fileField: string,
  { name, mime, bytes }: UploadFile,
): { readonly contentType: string; readonly body: Buffer } {
  const boundary = `lotse-${randomUUID()}`;
  const part = (head: string, content: string | Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  const body = Buffer.concat([
    ...Object.entries(fields).map(([field, value]) =>
      part(`content-disposition: form-data; name="${field}"`, value),
    ),
    part(
      `content-disposition: form-data; name="${fileField}"; filename="${name}"\r\ncontent-type: ${mime}`,
      bytes,
    ),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}
