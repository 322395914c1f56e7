import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSseParser } from './sse-parser.ts';

const stream =
  ': hello\n\nid: 7\ndata: {"a":1}\n\nevent: ping\ndata:\n\n' +
  'id: 8\r\ndata: first\r\ndata: second\r\n\r\n';
const expected = [
  { event: 'message', data: '{"a":1}', id: '7' },
  { event: 'ping', data: '', id: '7' },
  { event: 'message', data: 'first\nsecond', id: '8' },
];

test('events are read however the stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const parse = createSseParser();
      const points = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const messages = points.flatMap((point, index) =>
        index === 0 ? [] : parse(stream.slice(points[index - 1], point)),
      );
      assert.deepEqual(messages, expected);
    }),
  );
});
