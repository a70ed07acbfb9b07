// Made by `npm run generate` from the folders beside it; a test keeps it current.
import choice from "./choice/index.ts";
import math from "./math/index.ts";
import qa from "./qa/index.ts";
import { Registry } from "./registry.ts";

/** Every verifier that is shipped. */
export const registry = new Registry([choice, math, qa]);
