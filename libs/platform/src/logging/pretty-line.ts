const COLOURS: Readonly<Record<number, string>> = {
  20: '\u001b[90m',
  30: '\u001b[32m',
  40: '\u001b[33m',
  50: '\u001b[31m',
};
const RESET = '\u001b[0m';
const GREY = '\u001b[90m';
const HIDDEN = new Set(['level', 'time', 'event', 'msg', 'stack', 'pid', 'hostname', 'service', 'scope']);

/** One JSON log line for a person at a terminal. */
export function prettyLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const time = new Date(line['time'] as number | string).toTimeString().slice(0, 8);
  const title = String(line['event'] ?? line['msg'] ?? '');
  const colour = COLOURS[line['level'] as number] ?? '';
  const fields = Object.entries(line)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const stack = line['stack'] ? `\n${GREY}${String(line['stack'])}${RESET}` : '';
  return `${GREY}${time}${RESET} ${colour}${title}${RESET} ${GREY}${fields}${RESET}${stack}\n`;
}
