// PostGraphile over the schema `peer`, as its documentation starts it: one process, as many connections as we have.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const connection = { connectionString: process.env.PEER_DATABASE, schemas: ["peer"], poolConfig: { max: 8 } };
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService(connection)],
  schema: { defaultBehavior: "-connection +list" },
  grafserv: { websockets: false, graphiql: false },
};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
