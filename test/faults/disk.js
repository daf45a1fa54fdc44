// A disk small enough to be filled. Needs the right to mount; who lacks it is told, and goes without.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Mounts one of so many megabytes at a folder; null where that is not allowed. */
export function mountDisk(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  if (status !== 0) return null;
  const filler = join(folder, 'filler');
  return {
    /** To the last byte. */
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize));
      } catch (error) {
        // Somebody wrote meanwhile: it is full all the same.
        if (error.code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', folder]),
  };
}
