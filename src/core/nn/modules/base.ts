/** @file What tells a module from any other object, for files that `Module` itself needs to be loaded. */

/** Superclass of `Module` and of nothing else. */
export abstract class ModuleBase {}
