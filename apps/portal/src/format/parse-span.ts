const unitSeconds: Record<string, number> = { s: 1, min: 60, h: 3600, d: 86_400 };

/**
 * Seconds of a length of time as people write it: `90`, `90 s`, `15 min`, `1 h 30 min`, `2 d`; null
 * when it is none.
 */
export function parseSpan(text: string): number | null {
  const words = text.trim();
  if (/^\d+(\.\d+)?$/.test(words)) return Number(words);
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*(min|[smhd])\s*/g)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || length !== words.length) return null;
  return parts.reduce((sum, [, value = '', unit = '']) => {
    return sum + Number(value) * (unitSeconds[unit === 'm' ? 'min' : unit] ?? 0);
  }, 0);
}

/** Bytes as people write them: `512`, `64 GB`, `1.5TB`; null when it is none. Decimal units. */
export function parseBytes(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*(?:([kMGTP])?B)?$/.exec(text.trim());
  if (found === null) return null;
  const power = 1 + ['k', 'M', 'G', 'T', 'P'].indexOf(found[2] ?? '');
  return Math.round(Number(found[1]) * 1000 ** power);
}
