import { env } from 'node:process';
import fc from 'fast-check';

// At one's desk property tests look elsewhere every time; a gate says the same twice of the same code.
if (env['CI'] === 'true') fc.configureGlobal({ seed: 20_261_123 });
