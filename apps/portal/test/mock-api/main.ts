/** Runs the mock for development: `node test/mock-api/main.ts [port]`, by default on 8080. */
import { startMockApi } from './start-mock-api.ts';

const mock = await startMockApi({ port: Number(process.argv[2] ?? 8080) });
console.log(`${mock.url}/#code=${mock.code}`);
