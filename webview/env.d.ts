/** A worker's whole script as text; the build puts it there, since a webview may only start workers from Blobs. */
declare module "worker:*" {
  const script: string;
  export default script;
}

/** A picture's text. */
declare module "*.svg" {
  const text: string;
  export default text;
}

declare module "*.css" {
  const nothing: undefined;
  export default nothing;
}
