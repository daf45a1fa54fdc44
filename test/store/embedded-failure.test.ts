import { describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { unwritable } from '../../src/store/embedded-failure.ts';
import { StoreUnavailable } from '../../src/store/store.ts';

describe('a failed commit', () => {
  const failed = (commitError: Promise<never>): Error =>
    Object.assign(new Error('Commit failed (see commitError for details)'), { commitError });

  test('is told with the cause that LMDB gives later', async () => {
    const error = await unwritable(tmpdir(), failed(Promise.reject(new Error('Input/output error'))));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error.message).toBe(`The data folder '${tmpdir()}' cannot be written (Input/output error)`);
  });

  test('is told as it is where LMDB gives none', async () => {
    const error = await unwritable(tmpdir(), failed(new Promise(() => undefined)));
    expect(error.message).toContain('(Commit failed');
  });

  // A file system without room, on every Linux; `df` shows it so, too.
  test('is put down to a full disk where there is one', async () => {
    const { message } = await unwritable('/proc', failed(Promise.reject(new Error('Input/output error'))));
    expect(message).toMatch(/its disk is full, make room there$/);
  });

  test('is told even of a folder that is gone', async () => {
    const error = await unwritable('/nowhere/at/all', new Error('broken'));
    expect(error.message).toBe("The data folder '/nowhere/at/all' cannot be written (broken)");
  });
});
