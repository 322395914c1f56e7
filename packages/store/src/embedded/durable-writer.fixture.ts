// Started by a test: writes rows for ever and prints the number of each one that was acknowledged.
import { openDatabase } from '../database.ts';
import { silentLog } from '../store-log.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('give the folder of the database');
const server = await startEmbeddedPostgres({ folder, log: silentLog });
const database = openDatabase(server.connection, { log: silentLog });
await database.query('create table acknowledged (n int primary key)');
console.log(`pid ${server.pid}`);
for (let n = 1; ; n += 1) {
  await database.query('insert into acknowledged values ($1)', [n]);
  console.log(`${n}`);
}
