/** One server-sent event. */
export interface SseMessage {
  event: string;
  data: string;
  id: string | undefined;
}

/** Makes a parser that takes pieces of a stream of server-sent events as they come. */
export function createSseParser(): (piece: string) => SseMessage[] {
  let rest = '';
  let data: string[] = [];
  let event = 'message';
  let id: string | undefined;
  return (piece) => {
    const messages: SseMessage[] = [];
    const lines = `${rest}${piece}`.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) messages.push({ event, data: data.join('\n'), id });
        data = [];
        event = 'message';
        continue;
      }
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === 'data') data.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id') id = value;
    }
    return messages;
  };
}
