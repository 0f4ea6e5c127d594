// stack.js - names of the frames of a profile's stacks.

export const kernelMark = "_[k]";

// A frame as its function is called: without the mark of the kernel, and what a compiler adds.
export const symbolOf = (frame) => frame.replace(kernelMark, "").replace(/(?<=.)\..*/, "");
