/** @file What the program prints, as text; letters that are cut between two pieces wait for their rest. */
import { StringDecoder } from "node:string_decoder";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Run } from "../launcher/types.js";

export function forwardOutput(run: Run, send: (body: DebugProtocol.OutputEvent["body"]) => void): void {
  const stream = (category: "stdout" | "stderr") => {
    const decoder = new StringDecoder("utf8");
    return (chunk: Uint8Array) => {
      const output = decoder.write(Buffer.from(chunk));
      if (output !== "") send({ category, output });
    };
  };
  run.onStdout(stream("stdout"));
  run.onStderr(stream("stderr"));
}
