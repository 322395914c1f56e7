// Started by a test, several at once: migrates the database and prints what it applied.
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { silentLog } from './store-log.ts';

const place = JSON.parse(process.argv[2] ?? '""') as Parameters<typeof openDatabase>[0];
const database = openDatabase(place, { log: silentLog });
console.log(JSON.stringify(await migrate(database)));
await database.close();
