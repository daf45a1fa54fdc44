// Loaded into a node before everything else (node --import): each SIGUSR2 sets its clock a minute on, right again,
// a minute back, right again.
const OFFSETS_MS = [0, 60_000, 0, -60_000];

const now = Date.now;
let turn = 0;
Date.now = () => now() + OFFSETS_MS[turn % OFFSETS_MS.length];
process.on('SIGUSR2', () => {
  turn += 1;
});
