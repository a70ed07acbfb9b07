import { BOUNDARY_REASONS, registry, type Verifier } from "@assay/verifiers";
import * as z from "zod";
import { EXIT, UsageError } from "../exit.ts";
import { write } from "../output.ts";

/** Lists the verifiers, or tells all of one: its doc, spec schema, reasons and examples. */
export async function verifiers(name: string | undefined): Promise<number> {
  if (name === undefined) {
    const rows = registry.all().map((one) => [`${one.name}@${one.version}`, one.doc.summary]);
    const width = Math.max(...rows.map(([label = ""]) => label.length));
    for (const [label = "", summary] of rows) await write(`${label.padEnd(width)}  ${summary}\n`);
    return EXIT.done;
  }
  const verifier = registry.find(name);
  if (verifier === undefined) throw noVerifier(name);
  await write(describe(verifier));
  return EXIT.done;
}

export function noVerifier(name: string): UsageError {
  const names = registry.all().map((one) => one.name);
  return new UsageError(`no verifier ${name}: there are ${names.join(", ")}`);
}

function describe({ cases, doc, name, reasons, spec, version }: Verifier): string {
  const accepted = cases.find(({ expect }) => expect.score === 1);
  const refused = cases.find(({ expect }) => expect.score === 0);
  const example = (title: string, one: (typeof cases)[number] | undefined) =>
    one === undefined
      ? []
      : [
          `## ${title}: ${one.name}`,
          "",
          JSON.stringify({
            task: { verifier: name, spec: one.spec },
            ...(one.response === undefined
              ? { messages: one.messages }
              : { response: one.response }),
          }),
          "",
        ];
  const meanings = Object.entries({ ...reasons, ...BOUNDARY_REASONS });
  return [
    `# ${name}@${version}`,
    "",
    doc.summary,
    "",
    doc.details.trim(),
    "",
    `Source: ${doc.source}`,
    "",
    "## Reasons",
    "",
    meanings.map(([reason, meaning]) => `- \`${reason}\`: ${meaning}`).join("\n"),
    "",
    "## Spec",
    "",
    JSON.stringify(z.toJSONSchema(spec, { io: "input" }), null, 2),
    "",
    ...example("Accepted", accepted),
    ...example("Refused", refused),
    "",
  ].join("\n");
}
