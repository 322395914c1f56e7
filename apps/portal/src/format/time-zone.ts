/** A time zone as people say it: `CET` or `GMT+1`, and `Europe/Berlin (GMT+01:00)`. */
export interface TimeZoneWords {
  short: string;
  name: string;
}

/** The zone in which this browser shows times, as it is at an instant. */
export function timeZone(atMilliseconds: number, timeZoneName?: string): TimeZoneWords {
  const part = (style: 'short' | 'longOffset') => {
    const format = new Intl.DateTimeFormat(undefined, {
      timeZoneName: style,
      ...(timeZoneName === undefined ? {} : { timeZone: timeZoneName }),
    });
    return (
      format.formatToParts(atMilliseconds).find(({ type }) => type === 'timeZoneName')?.value ??
      'UTC'
    );
  };
  const zone = timeZoneName ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { short: part('short'), name: `${zone} (${part('longOffset')})` };
}
