import type { Field, Type } from "apache-arrow/fb/Schema_generated";
import type { Builder, Offset } from "flatbuffers";
import type { VectorClass } from "../vector-classes.ts";
import { metadataClasses } from "./metadata-classes.ts";

/** What Arrow calls the elements of typed arrays: numbers of so many bits. */
const elements: Readonly<
  Record<VectorClass, { readonly bits: 8 | 16 | 32 | 64; readonly kind: "float" | "int" | "uint" }>
> = {
  Int8Array: { bits: 8, kind: "int" },
  Uint8ClampedArray: { bits: 8, kind: "uint" },
  Int16Array: { bits: 16, kind: "int" },
  Uint16Array: { bits: 16, kind: "uint" },
  Int32Array: { bits: 32, kind: "int" },
  Uint32Array: { bits: 32, kind: "uint" },
  Float32Array: { bits: 32, kind: "float" },
  Float64Array: { bits: 64, kind: "float" },
  BigInt64Array: { bits: 64, kind: "int" },
  BigUint64Array: { bits: 64, kind: "uint" },
};

/** Writes the Arrow type of a class's elements. */
export function writeElementType(builder: Builder, of: VectorClass): [Type, Offset] {
  const arrow = metadataClasses();
  const { bits, kind } = elements[of];
  if (kind !== "float") return [arrow.Type.Int, arrow.Int.createInt(builder, bits, kind === "int")];
  const precision = bits === 32 ? arrow.Precision.SINGLE : arrow.Precision.DOUBLE;
  return [arrow.Type.FloatingPoint, arrow.FloatingPoint.createFloatingPoint(builder, precision)];
}

/** Whether a field's type is that of a class's elements. */
export function isElementType(field: Field, of: VectorClass): boolean {
  const arrow = metadataClasses();
  const { bits, kind } = elements[of];
  if (field.dictionary() !== null || field.childrenLength() !== 0) return false;
  if (kind === "float") {
    if (field.typeType() !== arrow.Type.FloatingPoint) return false;
    const float = field.type(new arrow.FloatingPoint()) as InstanceType<typeof arrow.FloatingPoint> | null;
    return float?.precision() === (bits === 32 ? arrow.Precision.SINGLE : arrow.Precision.DOUBLE);
  }
  if (field.typeType() !== arrow.Type.Int) return false;
  const int = field.type(new arrow.Int()) as InstanceType<typeof arrow.Int> | null;
  return int?.bitWidth() === bits && int.isSigned() === (kind === "int");
}
