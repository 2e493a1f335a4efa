/** @file Every kind of readout gets its picture, in out/screenshots, for people to look at. */
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { OUT } from "../../support/paths.js";
import { hostVersion } from "../host/versions.js";
import { KINDS, takeReadoutPictures } from "./readoutLooks.js";

describe("the readouts in the workbench", () => {
  it("can each be looked at, light in the one version and dark in the other", async () => {
    const version = hostVersion();
    const theme = version.name === "oldest" ? "light" : "dark";
    const file = (kind: string) => join(OUT, "screenshots", `${version.name}-readouts-${kind}-${theme}.png`);
    await takeReadoutPictures({ version, theme, file });
    for (const kind of KINDS) assert.ok((await stat(file(kind))).size > 20_000, kind);
  });
});
