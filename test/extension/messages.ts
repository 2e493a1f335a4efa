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
const SOURCES = join(ROOT, "src/extension");

/** What `t` is called with, sorted; what is no literal can be translated by nobody. */
export function messages(): { readonly literals: readonly string[]; readonly computed: readonly string[] } {
  const literals = new Set<string>();
  const computed: string[] = [];
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file === "words.ts") continue;
    const source = ts.createSourceFile(
      file,
      readFileSync(join(SOURCES, file), "utf8"),
      ts.ScriptTarget.ES2022,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
        const [message] = node.arguments;
        if (message && ts.isStringLiteralLike(message)) literals.add(message.text);
        else computed.push(`${file}: ${node.getText(source)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { literals: [...literals].sort(), computed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const entries = messages().literals.map((message) => [message, message]);
  writeFileSync(BUNDLE, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
