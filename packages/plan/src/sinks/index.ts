export { createBoundedHeap, type BoundedHeap } from "./bounded-heap.ts";
export { collectedRows, collectSink, collectSinkKernel } from "./collect.ts";
export { countSink, countSinkKernel } from "./count.ts";
export { foldSink, foldSinkKernel } from "./fold.ts";
export { forEachSink, forEachSinkKernel } from "./for-each.ts";
export { reduceSink, reduceSinkKernel, type Reduced } from "./reduce.ts";
export { sumSink, sumSinkKernel } from "./sum.ts";
export { takeSink, takeSinkKernel } from "./take.ts";
export { takeOrderedSink, takeOrderedSinkKernel, type OrderedBy } from "./take-ordered.ts";
