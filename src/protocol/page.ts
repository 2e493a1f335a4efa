/**
 * @file The graph page's HTML, the same for every host: the extension's webview (script and style by their
 * webview URIs) and the self-contained file of `gradwalk run --html` (both as text, with a trace inside).
 */

/** Id of the element that holds a trace inside the page. */
export const EMBEDDED_TRACE_ID = "gradwalk-trace";

/** A resource by its address, or its text to stand in the page. */
export type PageResource = { readonly href: string } | { readonly text: string };

export interface PageOptions {
  readonly title: string;
  readonly script: PageResource;
  readonly style: PageResource;
  /** Fresh and unguessable for each page: at least 16 random bytes in base64 or hex. */
  readonly nonce: string;
  /** `webview.cspSource` in VS Code: where scripts, styles and fonts may come from besides. */
  readonly cspSource?: string;
  /** The JSON text of a `TraceDocument`. */
  readonly trace?: string;
}

/** Any text as HTML text or a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The content security policy: nothing remote, no inline script without the nonce. The layout's worker starts
 * from a Blob because a webview's page may not start one from its own resources.
 */
export function pagePolicy(nonce: string, cspSource = ""): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${cspSource}`.trimEnd(),
    "img-src blob: data:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** JSON text that no HTML parser can leave: `<` only ever stands inside a JSON string. */
function embedJson(json: string): string {
  return json
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/** Script text with the sequences broken up that would end or escape its element; strings keep their value. */
function embedScript(script: string): string {
  return script.replace(/<(\/script|!--)/gi, (_, rest: string) => `<\\${rest}`);
}

function styleElement(style: PageResource, nonce: string): string {
  return "href" in style
    ? `<link rel="stylesheet" nonce="${nonce}" href="${escapeHtml(style.href)}">`
    : `<style nonce="${nonce}">${style.text.replace(/<\/(?=style)/gi, "<\\/")}</style>`;
}

function scriptElement(script: PageResource, nonce: string): string {
  return "href" in script
    ? `<script nonce="${nonce}" src="${escapeHtml(script.href)}"></script>`
    : `<script nonce="${nonce}">${embedScript(script.text)}</script>`;
}

export function pageHtml(options: PageOptions): string {
  const nonce = escapeHtml(options.nonce);
  const policy = escapeHtml(pagePolicy(options.nonce, options.cspSource));
  const trace =
    options.trace === undefined
      ? ""
      : `<script type="application/json" nonce="${nonce}" id="${EMBEDDED_TRACE_ID}">${embedJson(options.trace)}</script>\n`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title)}</title>
${styleElement(options.style, nonce)}
</head>
<body>
<div id="gradwalk"></div>
${trace}${scriptElement(options.script, nonce)}
</body>
</html>
`;
}
