/** The stack cannot be started or set up as asked: the message says what to change. */
export class StackError extends Error {
  override readonly name = "StackError";
  /** The option that another value of would help. */
  readonly option: "dir" | "port" | undefined;

  constructor(message: string, options: ErrorOptions & { option?: "dir" | "port" } = {}) {
    super(message, options);
    this.option = options.option;
  }
}

/** A refusal that a client of S3 or SQS is to see. Each protocol writes it in its own form. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly status: number;
  /** Further elements of the answer, such as S3's `Key`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    status: number,
    message: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}
