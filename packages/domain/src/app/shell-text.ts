/** Where in a shell's text one is: what matters for whether a quoted word may be put there. */
export interface ShellPlace {
  quote: 'none' | 'single' | 'double' | 'backtick' | 'comment';
  /** The character before; `x` for one that is quoted, `$(` and `${` for both their characters. */
  before: string;
  /** From here on it takes a shell to know what is quoted. */
  isRaw: boolean;
}

/** Before the first character. */
export const startOfShellText: ShellPlace = { quote: 'none', before: '', isRaw: false };

/** Reads on over text that stands in the line as it is. */
export function scanShellText(place: ShellPlace, text: string): ShellPlace {
  let at = place;
  for (const character of text) at = next(at, character);
  return at;
}

/** Why a quoted word may not be put at this place, or null when it may. */
export function refusePlace({ quote, before, isRaw }: ShellPlace): string | null {
  if (isRaw) return 'behind <<, $((, $( ) in quotes, or a variable with more than its name';
  if (quote === 'single' || quote === 'double') {
    return 'within quotes: leave them out, a value is one word without them';
  }
  if (quote === 'backtick') return 'in backticks: write $( ) instead';
  if (quote === 'comment') return 'in a comment';
  if (before === '\\') return 'behind a backslash';
  if (before === '$' || before === '${')
    return 'behind $: double the braces of a variable of the shell';
  return null;
}

/** `before` when the character was part of a word, whatever it was. */
const inWord = 'x';

function next(place: ShellPlace, character: string): ShellPlace {
  const { quote, before } = place;
  // From there on every place is refused.
  if (place.isRaw) return place;
  if (quote === 'comment') {
    return character === '\n' ? { ...place, quote: 'none', before: '' } : place;
  }
  if (quote === 'single') {
    return character === "'" ? { ...place, quote: 'none', before: inWord } : place;
  }
  if (before === '\\') return { ...place, before: inWord };
  if (quote === 'backtick') {
    return character === '`'
      ? { ...place, quote: 'none', before: inWord }
      : { ...place, before: character };
  }
  if (before === '${') return inVariable(place, character);
  if (before === '$' && character === '{') return { ...place, before: '${' };
  if (beginsRaw(place, character)) return { ...place, isRaw: true };
  if (quote === 'double') {
    return character === '"'
      ? { ...place, quote: 'none', before: inWord }
      : { ...place, before: character };
  }
  const opened = opens(before, character);
  if (opened !== null) return { ...place, quote: opened, before: '' };
  return { ...place, before: before === '$' && character === '(' ? '$(' : character };
}

/** Within `${`: a plain name, or it takes a shell to know what is quoted. */
function inVariable(place: ShellPlace, character: string): ShellPlace {
  if (character === '}') return { ...place, before: inWord };
  return /[A-Za-z0-9_]/.test(character) ? place : { ...place, isRaw: true };
}

/** Here-documents, arithmetic, `$'…'`; commands within double quotes, which have quotes again. */
function beginsRaw({ quote, before }: ShellPlace, character: string): boolean {
  if (quote === 'double') return character === '`' || (before === '$' && character === '(');
  const two = before + character;
  return two === '<<' || two === '$((' || two === "$'";
}

function opens(before: string, character: string): ShellPlace['quote'] | null {
  if (character === "'") return 'single';
  if (character === '"') return 'double';
  if (character === '`') return 'backtick';
  // A number sign begins a comment at the beginning of a word only.
  return character === '#' && /^(?:|[\s;&|()<>]|\$\()$/.test(before) ? 'comment' : null;
}
