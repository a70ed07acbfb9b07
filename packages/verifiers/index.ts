export {
  type Case,
  type Definition,
  type Doc,
  defineVerifier,
  TaskFault,
  type Verdict,
  type Verifier,
  type VerifyInput,
  type View,
} from "./define.ts";
export { BOUNDARY_REASONS, DEFAULT_MAX_CHARS, type Judgement, judge, prepare } from "./judge.ts";
export { type AskPort, PortError, type PortName, type Ports, type RunPort } from "./ports.ts";
export { Registry } from "./registry.ts";
export { registry } from "./shipped.ts";
export { MessagesView, textOf, viewOfResponse } from "./view.ts";
