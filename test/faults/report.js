// The figures of a run as a table, one column for each part.

const ROWS = [
  ['messages accepted', ({ verdict }) => verdict.accepted],
  ['answered', ({ verdict }) => verdict.delivered],
  ['lost', ({ verdict }) => verdict.lost],
  ['consumed twice', ({ verdict }) => verdict.consumedTwice],
  ['out of order', ({ verdict }) => verdict.outOfOrder],
  ['wrong memory', ({ verdict }) => verdict.wrongMemory],
  ['answers to nothing', ({ verdict }) => verdict.unknown],
  ['doubles', ({ verdict }) => verdict.doubles],
  ['nodes that ended wrongly', ({ verdict }) => verdict.endedWrongly],
  ['doubles, status lost (allowed)', ({ verdict }) => verdict.ambiguousDoubles],
  ['doubles, master lost (allowed)', ({ verdict }) => verdict.failoverDoubles],
  ['apologies for late answers', ({ verdict }) => verdict.lateApologies],
  ['kill -9 of nodes', ({ faults }) => faults.kill],
  ['kill -9 of Redis', ({ faults }) => faults['redis kill']],
  ['failovers', ({ faults }) => faults.failover],
  ['restarts', ({ faults }) => faults.restart],
  ['partitions', ({ faults }) => faults.partition],
  ['pauses beyond the lease', ({ faults }) => faults.pause],
  ['clock jumps', ({ faults }) => faults.jump],
  ['full disks', ({ faults }) => faults['full disk']],
  ['redelivered on purpose', ({ redelivered }) => redelivered],
  ['tries not answered 200', ({ failures }) => sum(Object.values(failures))],
  ['Graph: 500', ({ graph }) => graph.refused],
  ['Graph: taken, then cut or hung', ({ graph }) => graph.cut + graph.hung],
  ['Graph: statuses lost', ({ graph }) => graph.statusesLost],
  ['errors logged', ({ errorsLogged }) => errorsLogged],
  ['seconds of load', ({ loadSeconds }) => loadSeconds.toFixed(0)],
  ['seconds in all', ({ seconds }) => seconds.toFixed(0)],
];

const sum = (list) => list.reduce((total, value) => total + value, 0);

/** Lines of the table. */
export function tableOf(results) {
  const cells = [
    ['', ...results.map(({ name }) => name)],
    ...ROWS.map(([label, figure]) => [label, ...results.map((result) => String(figure(result) ?? 0))]),
    ['verdict', ...results.map(({ verdict }) => (verdict.ok ? 'good' : 'BAD'))],
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2)))
      .join(''),
  );
}
