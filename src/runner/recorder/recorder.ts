/** @file placeholder until the core is there */
import type { Probe } from "../../instrument/probe.js";
import type { TensorPage, TensorReference } from "../../protocol/control.js";
import type { ExportProblem } from "../../protocol/export.js";
export class Recorder {
  constructor(_host: object) {}
  bound(_site: number, _value: object): void {}
  attach(_probe: Probe): void {}
  publish(): void {}
  finish(): void {}
  page(_r: TensorReference, _o: number, _c: number): TensorPage | null {
    return null;
  }
  relatedTo(_e: unknown): ExportProblem["related"] {
    return [];
  }
}
export function createRecorder(host: object): Recorder {
  return new Recorder(host);
}
