import { isNode, isMap, isPair, LineCounter, parseDocument, type Document } from 'yaml';

/** Where something stands in a file, from 1 on. */
export interface Place {
  line: number;
  column: number;
}

/** Finds places in a file of JSON or YAML. */
export interface FaultLocator {
  /** Of the value at a path, or of the nearest thing around it that is there. */
  placeOf(loc: readonly (string | number)[]): Place;
  line(number: number): string;
}

/** Reads a text as YAML, of which JSON is a part, to find where things stand. */
export function createFaultLocator(text: string): FaultLocator {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const rows = text.split('\n');
  return {
    placeOf(loc) {
      const { line, col } = lines.linePos(offsetOf(document, loc));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    line: (number) => rows[number - 1] ?? '',
  };
}

function offsetOf(document: Document, loc: readonly (string | number)[]): number {
  for (let depth = loc.length; depth > 0; depth -= 1) {
    const path = loc.slice(0, depth);
    const parent = document.getIn(path.slice(0, -1), true);
    const key = path.at(-1);
    // People look for the name, not for what stands behind it.
    if (isMap(parent)) {
      const pair = parent.items.find(({ key: name }) => nameOf(name) === String(key));
      if (isPair(pair) && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function nameOf(key: unknown): string {
  return isNode(key) && 'value' in key ? String(key.value) : String(key);
}
