/** @file Names of the tensors that only modules hold. */
import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";
import { leafKeys } from "../../src/protocol/leafKeys.js";
import { Parameters } from "../../src/runner/recorder/parameters.js";

const { nn } = torch;
const VARIABLES = ["net", "this.fc", "critic"];
const named = () => new Parameters((site) => VARIABLES[site] ?? null);

describe("names of a module's tensors", () => {
  it("are paths as named_parameters has them, after the variable that holds the module", () => {
    const names = named();
    const net = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.BatchNorm1d(4));
    names.bound(0, net);
    const paths = [...net.named_parameters(), ...net.named_buffers()];
    assert.ok(
      paths.some(([path]) => path === "0.weight") && paths.some(([path]) => path === "2.running_mean"),
    );
    for (const [path, tensor] of paths) assert.equal(names.nameOf(tensor), `net.${path}`);
  });

  it("begin at the outermost module, also where an inner one was bound first", () => {
    class Net extends nn.Module {
      fc = new nn.Linear(2, 1);
    }
    const names = named();
    const net = new Net();
    names.bound(1, net.fc);
    names.bound(0, net);
    assert.equal(names.nameOf(net.fc.weight), "net.fc.weight");
  });

  it("tell modules with equal paths apart, and stay as they were told", () => {
    const names = named();
    const [first, second] = [new nn.Linear(2, 1), new nn.Linear(2, 1)];
    names.bound(0, first);
    assert.equal(names.nameOf(first.weight), "net.weight");
    names.bound(2, second);
    names.bound(2, first);
    assert.deepEqual(
      [first, second].map(({ weight }) => names.nameOf(weight)),
      ["net.weight", "critic.weight"],
    );
  });

  it("are those of a module that only ran without a variable before them, and null of other tensors", () => {
    const names = named();
    const linear = new nn.Linear(2, 1);
    names.entered(linear, "");
    assert.equal(names.nameOf(linear.weight), "weight");
    assert.equal(names.nameOf(torch.ones(2)), null);
  });
});

describe("keys of leaves", () => {
  it("are their names, with a number where a pass has several of one name", () => {
    assert.deepEqual(leafKeys(["w", "b", "w", "w"]), ["w", "b", "w #2", "w #3"]);
  });
});
