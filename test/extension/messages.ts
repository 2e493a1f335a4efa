/**
 * @file The messages in the extension's sources, for l10n/bundle.l10n.json. Run by itself, it writes that file:
 * `node --import tsx test/extension/messages.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { ROOT } from "../support/paths.js";

export const BUNDLE = join(ROOT, "l10n/bundle.l10n.json");
/** Where texts are told: by `t` in the extension; by `say` where they are sent to it, to be told there. */
const SOURCES = { "src/extension": "t", "src/runner": "say", "src/instrument": "say" } as const;

/** What `t` and `say` are called with, sorted; what is no literal can be translated by nobody. */
export function messages(): { readonly literals: readonly string[]; readonly computed: readonly string[] } {
  const literals = new Set<string>();
  const computed: string[] = [];
  for (const [folder, name] of Object.entries(SOURCES)) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || file === "words.ts") continue;
      const { said, unsaid } = calls(join(ROOT, folder, file), name);
      // What holds no word is the same in every language.
      for (const message of said) if (/\p{L}/u.test(message.replace(/\{\d+\}/g, ""))) literals.add(message);
      computed.push(...unsaid);
    }
  }
  return { literals: [...literals].sort(), computed };
}

function calls(file: string, name: string): { readonly said: string[]; readonly unsaid: string[] } {
  const said: string[] = [];
  const unsaid: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name) {
      const [message] = node.arguments;
      if (message && ts.isStringLiteralLike(message)) said.push(message.text);
      else unsaid.push(`${file}: ${node.getText(source)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { said, unsaid };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const entries = messages().literals.map((message) => [message, message]);
  writeFileSync(BUNDLE, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
