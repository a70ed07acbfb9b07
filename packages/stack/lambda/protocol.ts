/** What the stack and a function's process say to each other. Events and results travel as the
 * JSON texts that they are on Lambda, so that nothing else passes. */

export interface Invocation {
  readonly type: "invoke";
  readonly requestId: string;
  readonly event: string;
  readonly remainingMs: number;
}

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack: readonly string[];
}

export type Reply =
  /** The handler is loaded. */
  | { readonly type: "ready" }
  /** The handler could not be loaded; the process ends. */
  | { readonly type: "broken"; readonly failure: Failure }
  | { readonly type: "result"; readonly requestId: string; readonly result: string | undefined }
  | { readonly type: "failure"; readonly requestId: string; readonly failure: Failure };

/** What the process needs to know before it can load the handler. */
export interface Setup {
  readonly modulePath: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logStream: string;
}
