/** What the bench reads of an event. */
export interface SeenEvent {
  kind: string;
  at: string;
  subjectId: string;
}

/** A reader of the hub's events. */
export interface EventReader {
  /** The next event (after the last one taken) that fits; events before it are passed over. */
  next(fits: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  close(): void;
}

/** Follows the hub's server-sent events from now on. */
export async function followEvents(url: string, token: string): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const queue: SeenEvent[] = [];
  let wake = (): void => undefined;
  void read(response, (event) => {
    queue.push(event);
    wake();
  }).catch(() => undefined);
  return {
    async next(fits) {
      for (;;) {
        for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
          if (fits(event)) return event;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => abort.abort(),
  };
}

async function read(response: Response, take: (event: SeenEvent) => void): Promise<void> {
  let text = '';
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(
    new TextDecoderStream(),
  )) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end));
      text = text.slice(end + 2);
      if (data?.[1] !== undefined) take(JSON.parse(data[1]) as SeenEvent);
    }
  }
}
