import { startStack } from "../packages/stack/index.ts";

/** The embedded stack and nothing else, in a process of its own: `stack-server.ts FOLDER [PORT]`.
 * Prints its URL once it answers. */
const [, , dir = "", port = "0"] = process.argv;
const stack = await startStack({ dir, port: Number(port) });
process.stdout.write(`${stack.url}\n`);
process.once("SIGTERM", () => void stack.stop());
