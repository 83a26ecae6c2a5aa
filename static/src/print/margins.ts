/** What stands in the margins of every sheet: the browser's own boxes, which repeat on each page and cannot be pushed off it. */

const text = (words: string): string => `"${words.replace(/[\\"]/g, '\\$&').replace(/[\r\n]+/g, ' ')}"`;

/** The rule for the margins; parts that are empty are left out. */
export function marginRule(parts: { topLeft: string; topRight: string; bottomLeft: string }): string {
  const box = (name: string, words: string, weight: number): string =>
    words
      ? `@${name} { content: ${text(words)}; font: ${weight} 8pt 'Golos Text Variable', sans-serif; color: #333; }`
      : '';
  return `@page { ${box('top-left', parts.topLeft, 400)} ${box('top-right', parts.topRight, 700)} ${box('bottom-left', parts.bottomLeft, 400)} }`;
}

/** Puts the rule in force; the answer takes it away again. */
export function setMargins(parts: Parameters<typeof marginRule>[0]): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(marginRule(parts));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}
