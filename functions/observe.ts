import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";

const service = { serviceName: "assay" };
export const logger = new Logger(service);
export const metrics = new Metrics({ ...service, namespace: "assay" });
// What traces is loaded only where tracing is on: it is a third of a handler's start.
const tracer =
  process.env["POWERTOOLS_TRACE_ENABLED"] === "false"
    ? undefined
    : new (await import("@aws-lambda-powertools/tracer")).Tracer(service);

/** Runs `work` as a segment of the trace, where there is one. */
export async function traced<T>(work: () => Promise<T>): Promise<T> {
  const segment = tracer?.getSegment()?.addNewSubsegment("## record");
  try {
    return await work();
  } catch (error) {
    segment?.addError(error as Error);
    throw error;
  } finally {
    segment?.close();
  }
}
