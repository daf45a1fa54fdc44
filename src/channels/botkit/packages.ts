const NOT_FOUND = new Set<unknown>(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/**
 * Loads an optional package when it is asked for. Rejects in words if it is not installed, and with what
 * went wrong otherwise.
 */
export async function fromPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing =
      error instanceof Error &&
      'code' in error &&
      NOT_FOUND.has(error.code) &&
      // A package that is there may miss one of its own.
      new RegExp(`['"]${name}['"]`, 'u').test(error.message);
    if (missing)
      throw new Error(`the package ${name} is not installed; install it with: npm install ${name}`, {
        cause: error,
      });
    throw error;
  }
}
