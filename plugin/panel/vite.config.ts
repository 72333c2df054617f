import { defineConfig } from "vite";

// One self-contained ES module: the host serves it as a single file.
export default defineConfig({
  // The libraries' licences stay in the bundle, at its end.
  esbuild: { legalComments: "eof" },
  build: {
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: "src/index.ts",
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "panel.js", inlineDynamicImports: true },
    },
    minify: "esbuild",
    sourcemap: false,
    emptyOutDir: true,
  },
});
