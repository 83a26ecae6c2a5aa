/** Charts and tables as files. Invented data say so in the file itself. */
export type Column = {
  key: string;
  title: string;
  number?: boolean;
  /** In which unit people read it; files hold it as it came. */
  scale?: { factor: number; unit: string };
};
export type Cell = string | number | boolean | null;
export type Table = { columns: Column[]; rows: Record<string, Cell>[] };

/** RFC 4180; numbers with a point and in full, so that every program reads them. */
export function csv(table: Table, notes: string[]): string {
  const cell = (value: Cell): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [
    ...notes.map((note) => `# ${note.replace(/[\r\n]+/g, ' ')}`),
    table.columns.map((column) => cell(column.key)).join(','),
    ...table.rows.map((row) => table.columns.map((column) => cell(row[column.key] ?? null)).join(',')),
  ];
  return lines.join('\r\n') + '\r\n';
}

const INLINE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
  'font-variant-numeric',
];

/** The chart as it stands, with its looks written into it and the notes below. */
export function svgFile(chart: SVGSVGElement, title: string, notes: string[]): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const name of INLINE) element.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'style', 'tabindex', 'role']) element.removeAttribute(name);
  });
  const box = chart.viewBox.baseVal;
  const head = 28;
  const foot = 16 * notes.length + 8;
  const height = box.height + head + foot;
  copy.setAttribute('viewBox', `0 ${-head} ${box.width} ${height}`);
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('font-family', "'Golos Text', 'PT Sans', sans-serif");
  const page = getComputedStyle(document.documentElement);
  const make = (tag: string, attributes: Record<string, string | number>, text = ''): SVGElement => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    element.textContent = text;
    return element;
  };
  const ink = page.getPropertyValue('--ink').trim();
  copy.prepend(
    make('rect', { x: 0, y: -head, width: box.width, height, fill: page.getPropertyValue('--panel').trim() }),
  );
  copy.append(make('text', { x: 4, y: -10, 'font-size': 14, 'font-weight': 650, fill: ink }, title));
  notes.forEach((note, i) =>
    copy.append(make('text', { x: 4, y: box.height + 14 + 16 * i, 'font-size': 10, fill: ink }, note)),
  );
  return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(copy);
}

export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
