/** A command line in a document. */
export interface DocumentedCommand {
  /** Counted from 1. */
  line: number;
  text: string;
}

/** The lines of a Markdown text, in blocks of code or in a sentence, that begin with our name. */
export function documentedCommands(markdown: string): DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  const lines = markdown.split('\n');
  let fence: string | null = null;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const mark = /^\s*(```|~~~)/.exec(line)?.[1] ?? null;
    if (mark !== null && (fence === null || mark === fence)) {
      fence = fence === null ? mark : null;
      continue;
    }
    if (fence === null) {
      for (const [, text = ''] of line.matchAll(/`(interpulse [^`]+)`/g)) {
        found.push({ line: index + 1, text });
      }
      continue;
    }
    const began = index + 1;
    let text = /^\s*(?:\$ |# |sudo -u \w+ )?(interpulse .*)$/.exec(line)?.[1];
    if (text === undefined) continue;
    while (text.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      text = `${text.slice(0, -1)} ${(lines[index] ?? '').trim()}`;
    }
    found.push({ line: began, text });
  }
  return found;
}
