import type { Message } from "@assay/schema";
import type { View } from "./define.ts";

/** A trajectory's messages as a verifier sees them; the response is found when first asked for. */
export class MessagesView implements View {
  readonly messages: readonly Message[];
  readonly prompt: string | readonly Message[] | undefined;
  #response: string | undefined;

  constructor(messages: readonly Message[], prompt: string | readonly Message[] | undefined) {
    this.messages = messages;
    this.prompt = prompt;
  }

  get response(): string {
    this.#response ??= lastAssistantText(this.messages);
    return this.#response;
  }
}

function lastAssistantText(messages: readonly Message[]): string {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i];
    if (message?.role === "assistant") return textOf(message);
  }
  return "";
}

/** A message's text: its content, or the text parts of it joined. */
export function textOf(message: Message): string {
  const { content } = message;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
}

/** A bare response as a view: the shorthand for one assistant message. */
export function viewOfResponse(
  response: string,
  prompt?: string | readonly Message[] | undefined,
): View {
  return {
    response,
    prompt,
    get messages(): readonly Message[] {
      return [{ role: "assistant", content: response }];
    },
  };
}
