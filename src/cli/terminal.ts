/** Good, findings, wrong use. */
export const EXIT = { good: 0, findings: 1, wrongUse: 2 } as const;

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);
