/** The system's code of a failed call, such as ENOENT; null: it was no such failure, but a bug. */
export function codeOf(error: unknown): string | null {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : null;
}

/** A failure in a few words, for a finding. */
export function reasonOf(error: unknown): string {
  if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text; save it as UTF-8';
  const worded = typeof error === 'object' && error !== null && 'message' in error;
  return worded && typeof error.message === 'string' ? error.message : String(error);
}
