/**
 * What a verifier may ask the outside for. A verifier itself knows no AWS, clock, network or
 * randomness: it names the ports that it needs, and whoever runs it hands them in. A port that
 * fails throws `PortError`, which is our fault and never the policy's.
 */
export interface Ports {
  /** Runs a program of the policy's in a sandbox. */
  readonly run?: RunPort;
  /** Asks a model. */
  readonly ask?: AskPort;
}
export type PortName = keyof Ports;

export interface RunPort {
  run(request: RunRequest): Promise<RunResult>;
}
export interface RunRequest {
  readonly language: "python" | "javascript";
  readonly source: string;
  readonly stdin: string;
  /** The program's own CPU time, in seconds. */
  readonly cpu_s: number;
  readonly memory_mb: number;
}
/** What the program did. Its crash or its running out of time is a result and not an error. */
export interface RunResult {
  readonly status: "exited" | "cpu_time" | "memory" | "output_limit" | "signal";
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AskPort {
  ask(request: AskRequest): Promise<string>;
}
export interface AskRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature: number;
  /** Which of several independent draws this is: part of the request's identity. */
  readonly draw: number;
}

/** A port could not do its work: the sandbox is down, the model unreachable. */
export class PortError extends Error {
  override name = "PortError";
  /** Whether trying the same again can succeed. */
  readonly retryable: boolean;
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}
