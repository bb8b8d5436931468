// The type of the package's .wasm files, where a runtime or a bundler imports them as compiled modules (Cloudflare
// Workers). One file for `import` and `require`: nothing but the specifier differs.

/** `WebAssembly.Module` where the library in use knows it (DOM, workers), and else any object. */
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object;

/** The compiled module; what `init` of `agentphone-wasm/slim` takes. */
declare const module: CompiledModule;
export = module;
