/** Comma-separated values (RFC 4180) with what Windows makes of them: quoted fields over several lines, `;` between fields where the language has it so. */

export interface CsvRow {
  /** Where the row begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Undefined where a quoted field has no end. */
export function parseCsv(text: string): readonly CsvRow[] | undefined {
  const separator = separatorOf(text);
  const rows: CsvRow[] = [];
  let [line, at] = [1, 0];
  while (at < text.length) {
    const row = readRow(text, at, separator);
    if (row === undefined) return undefined;
    if (row.fields.length > 1 || row.fields[0] !== '') rows.push({ line, fields: row.fields });
    for (let i = at; i < row.end; i++) if (text.charCodeAt(i) === 10) line += 1;
    at = row.end;
  }
  return rows;
}

/** Of the two, the one that the first line has more of outside of quotes. */
function separatorOf(text: string): string {
  const [first = ''] = text.replace(/"[^"]*"/g, '').split('\n', 1);
  return first.split(';').length > first.split(',').length ? ';' : ',';
}

function readRow(text: string, from: number, separator: string): { readonly fields: readonly string[]; readonly end: number } | undefined {
  const fields: string[] = [];
  for (let at = from; ; ) {
    let field: string;
    if (text[at] === '"') {
      let close = at + 1;
      for (;;) {
        close = text.indexOf('"', close);
        if (close === -1) return undefined;
        if (text[close + 1] !== '"') break;
        close += 2;
      }
      field = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
      field = text.slice(at, end);
      at = end;
    }
    fields.push(field.trim());
    // What stands between a closing quote and the separator is nobody's.
    while (at < text.length && text[at] !== separator && text[at] !== '\n') at += 1;
    if (text[at] !== separator) return { fields, end: Math.min(at + 1, text.length) };
    at += 1;
  }
}
