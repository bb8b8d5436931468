// The esbuild options for all JavaScript of the package.

/**
 * Short lines, because Node prints the whole line in which an uncaught error occurred; not shorter, because each line break hides
 * repetitions from compressors.
 * @satisfies {import("esbuild").BuildOptions}
 */
export const SHIPPED = { bundle: true, minify: true, lineLimit: 300, target: "es2022", legalComments: "none" };
