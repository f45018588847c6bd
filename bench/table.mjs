// in: rows of measured pairs
// out: a table as text

const HEAD = ['query', 'beside', 'weir', 'peer', 'wall', 'goal', 'CPU', 'goal', 'weir CPU', 'peer CPU', 'weir MB', 'peer MB', ''];

/** The lines of the table; what misses its goal carries a mark. */
export function tableOf(results) {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) => row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : i === row.length - 1 ? cell : cell.padStart(widths[i]))).join('  ').trimEnd());
}

function cells({ query, peer, measured: m, goal, cpuGoal, note }) {
  return [
    query, peer, seconds(m.left.wall), seconds(m.right.wall), ratio(m.wall), bound(m.wall, goal), ratio(m.cpu), bound(m.cpu, cpuGoal),
    seconds(m.left.cpu), seconds(m.right.cpu), whole(m.left.memory), whole(m.right.memory), note ?? '',
  ];
}

function bound(value, goal) {
  if (goal === undefined || !Number.isFinite(value)) return '';
  return `${value <= goal ? '' : '! '}<= ${ratio(goal)}`;
}

const ratio = (n) => (!Number.isFinite(n) ? '-' : n.toFixed(n < 0.1 ? 4 : 2));
const seconds = (n) => (Number.isNaN(n) ? '-' : n.toFixed(n < 10 ? 3 : 1));
const whole = (n) => (Number.isNaN(n) ? '-' : String(Math.round(n)));
