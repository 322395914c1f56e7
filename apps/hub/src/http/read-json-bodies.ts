import type { FastifyInstance } from 'fastify';

/**
 * Makes a server say what is wrong with the JSON of a body. Members that would change what objects
 * are stay refused, as they are by the framework.
 */
export function readJsonBodies(server: FastifyInstance): void {
  const read = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, text, done) => {
      void read(request, text, (error, body) => {
        if (error !== null && text !== '') error.message = problemOfJson(text);
        done(error, body);
      });
    },
  );
}

/** What would change what an object is. */
const refusedMembers = 'named __proto__, or named constructor with a prototype';

function problemOfJson(text: string): string {
  try {
    JSON.parse(text);
    return `The body has a member that is refused: one ${refusedMembers}`;
  } catch (error) {
    return `The body is no JSON: ${error instanceof Error ? error.message : 'it is cut off'}`;
  }
}
