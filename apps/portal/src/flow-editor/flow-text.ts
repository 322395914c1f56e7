import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { JsonTrail } from '@interpulse/domain/json.ts';

/** How a definition is written. YAML's parser reads both, and gives places also of half texts. */
export type TextFormat = 'json' | 'yaml';

/** A piece of a text, in characters from its start. */
export interface TextRange {
  from: number;
  to: number;
}

/** What a place of a text stands for. */
export interface TextPlace {
  /** Where it is in the document; of a key the trail of its value. */
  at: JsonTrail;
  isKey: boolean;
  range: TextRange;
}

/** A text that was read: its value, what is wrong with it, and where everything stands. */
export interface FlowText {
  /** Undefined when the text cannot be read. */
  value: unknown;
  problems: (TextRange & { msg: string })[];
  document: Document;
}

/** Nobody writes aliases by the thousand but to break something. */
const mostAliases = 50;

/** Reads a text. Never throws. */
export function readFlowText(text: string, format: TextFormat): FlowText {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent', merge: true });
  const problems = document.errors.map(({ pos: [from, to], message }) => {
    return { from, to: Math.max(to, from + 1), msg: plainMessage(message) };
  });
  if (format === 'yaml') {
    if (problems.length > 0) return { value: undefined, problems, document };
    return { ...valueOfYaml(document), document };
  }
  try {
    return { value: JSON.parse(text), problems: [], document };
  } catch (error) {
    const first = problems[0] ?? { from: 0, to: 1 };
    const msg = error instanceof Error ? error.message : String(error);
    const [, position] = /position (\d+)/.exec(msg) ?? [];
    const from = position === undefined ? first.from : Math.min(Number(position), text.length);
    const words = `not JSON: ${msg.replace(/ in JSON.*$| \(line.*$/s, '')}`;
    const isYaml = problems.length === 0 && isMap(document.contents) && !/^\s*\{/.test(text);
    const hint = isYaml ? '; it reads as YAML, so choose YAML above' : '';
    return { value: undefined, problems: [{ from, to: from + 1, msg: words + hint }], document };
  }
}

/** What a document of YAML stands for, once its parts are where they are used. */
function valueOfYaml(document: Document): Omit<FlowText, 'document'> {
  const fault = (msg: string) => ({ value: undefined, problems: [{ from: 0, to: 1, msg }] });
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    const own = nameOfCircle(document);
    return own === null
      ? { value, problems: [] }
      : fault(`a part holds itself: *${own} inside of &${own}`);
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

/** The name of a part that is used inside of itself, which no JSON can say. */
function nameOfCircle(document: Document): string | null {
  const found: string[] = [];
  visit(document, {
    Alias: (_, alias, around) => {
      const part = alias.resolve(document);
      if (part === undefined || !around.includes(part)) return undefined;
      found.push(alias.source);
      return visit.BREAK;
    },
  });
  return found[0] ?? null;
}

/** The same value in the other format. */
export function writeFlowText(value: unknown, format: TextFormat): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return stringify(value, { lineWidth: 100 });
}

/** A text in the other format; one that cannot be read stays, as it may be in that one already. */
export function translateFlowText(text: string, from: TextFormat, to: TextFormat): string {
  const { value } = readFlowText(text, from);
  return value === undefined ? text : writeFlowText(value, to);
}

/**
 * Where something stands: the key if the trail ends in a name (that is what one looks for), else
 * the value; of what is not there the nearest thing around it.
 */
export function rangeOf({ document }: FlowText, at: JsonTrail, wantsValue = false): TextRange {
  let node: unknown = document.contents;
  let range = rangeOfNode(node) ?? { from: 0, to: 1 };
  for (const [depth, step] of at.entries()) {
    const isLast = depth === at.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyOf(key) === String(step));
      if (pair === undefined) return range;
      const key = rangeOfNode(pair.key);
      range = (isLast && wantsValue ? rangeOfNode(pair.value) : key) ?? key ?? range;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      range = rangeOfNode(node) ?? range;
    } else return range;
  }
  return firstLineOf(range);
}

/** What stands at a position; null in the space between. */
export function placeAt({ document }: FlowText, position: number): TextPlace | null {
  const find = (node: unknown, at: JsonTrail): TextPlace | null => {
    const range = rangeOfNode(node);
    if (range === null || position < range.from || position > range.to) return null;
    if (isMap(node)) {
      for (const pair of node.items) {
        const found = findInPair(pair, at);
        if (found !== null) return found;
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const found = find(isPair(item) ? item.value : item, [...at, index]);
        if (found !== null) return found;
      }
    }
    return { at, isKey: false, range };
  };
  const findInPair = (pair: Pair, at: JsonTrail): TextPlace | null => {
    const inner = [...at, keyOf(pair.key)];
    const range = rangeOfNode(pair.key);
    if (range !== null && position >= range.from && position <= range.to) {
      return { at: inner, isKey: true, range };
    }
    return find(pair.value, inner);
  };
  return find(document.contents, []);
}

/** The name of a key, which in YAML need not be a text. */
export function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function rangeOfNode(node: unknown): TextRange | null {
  const range = (node as Node | null | undefined)?.range;
  return range ? { from: range[0], to: Math.max(range[1], range[0]) } : null;
}

/** A fault of a whole state marks its name, not its hundred lines. */
function firstLineOf(range: TextRange): TextRange {
  return { from: range.from, to: Math.max(range.to, range.from + 1) };
}

function plainMessage(message: string): string {
  return message.replace(/ at line \d+.*$/s, '');
}
