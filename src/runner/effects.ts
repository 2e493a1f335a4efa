/**
 * @file Notices what a program does to the world beside printing: then nobody may run it again on each key.
 * Functions are wrapped so that they look and do as before; what only reads is left alone.
 */
import childProcess from "node:child_process";
import dgram from "node:dgram";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import type { Effect } from "../protocol/control.js";

type Holder = Record<string, unknown>;
type Judge = (args: readonly unknown[]) => boolean;

/** Base names: each has a callback, a `Sync` and a promise form, as far as Node has them. */
const CHANGES = [
  "appendFile",
  "chmod",
  "chown",
  "copyFile",
  "cp",
  "createWriteStream",
  "link",
  "mkdir",
  "mkdtemp",
  "rename",
  "rm",
  "rmdir",
  "symlink",
  "truncate",
  "unlink",
  "utimes",
  "writeFile",
];

/** Calls `report` once for each kind of effect, when it happens for the first time. */
export function observeEffects(report: (effect: Effect) => void): void {
  const seen = new Set<Effect>();
  const tell = (effect: Effect) => {
    if (seen.has(effect)) return;
    seen.add(effect);
    report(effect);
  };
  const files = (judge: Judge) => (args: readonly unknown[]) => {
    if (judge(args)) tell("files");
  };
  const promises = fs.promises as unknown as Holder;
  for (const name of CHANGES) wrapForms(name, promises, files(onPath));
  wrapForms("open", promises, files(forWriting));
  const input = (args: readonly unknown[]) => {
    if (args[0] === 0 || args[0] === "/dev/stdin") tell("input");
  };
  for (const name of ["readFile", "read", "createReadStream"]) wrapForms(name, promises, input);
  observeStdin(() => tell("input"));
  for (const [holder, name] of SOCKETS) wrap(holder, name, () => tell("network"));
  wrap(childProcess.ChildProcess.prototype as unknown as Holder, "spawn", () => tell("processes"));
  for (const name of ["spawnSync", "execSync", "execFileSync"]) {
    wrap(childProcess as unknown as Holder, name, () => tell("processes"));
  }
  // For programs that import the functions by name.
  syncBuiltinESMExports();
}

const SOCKETS: readonly (readonly [Holder, string])[] = [
  [net.Socket.prototype as unknown as Holder, "connect"],
  [net.Server.prototype as unknown as Holder, "listen"],
  [dgram.Socket.prototype as unknown as Holder, "bind"],
  [dgram.Socket.prototype as unknown as Holder, "send"],
];

/** What goes to a descriptor was noticed when that was opened; standard streams are printing. */
const onPath: Judge = ([path]) => typeof path !== "number";

const WRITING = fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC;

const forWriting: Judge = ([, flags]) =>
  typeof flags === "number" ? (flags & WRITING) !== 0 : typeof flags === "string" && /[wa+]/.test(flags);

function wrapForms(name: string, promises: Holder, seen: (args: readonly unknown[]) => void): void {
  wrap(fs as unknown as Holder, name, seen);
  wrap(fs as unknown as Holder, `${name}Sync`, seen);
  wrap(promises, name, seen);
}

/** A proxy keeps name, length, properties and text of the function. */
function wrap(holder: Holder, name: string, seen: (args: readonly unknown[]) => void): void {
  const original = holder[name];
  if (typeof original !== "function") return;
  holder[name] = new Proxy(original, {
    apply(target, receiver, args: unknown[]) {
      seen(args);
      return Reflect.apply(target, receiver, args);
    },
  });
}

/** A program that reads its input begins by asking for the stream. */
function observeStdin(seen: () => void): void {
  const own = Object.getOwnPropertyDescriptor(process, "stdin");
  if (!own?.get || !own.configurable) return;
  const get = own.get;
  Object.defineProperty(process, "stdin", {
    ...own,
    get() {
      seen();
      return get.call(process);
    },
  });
}
