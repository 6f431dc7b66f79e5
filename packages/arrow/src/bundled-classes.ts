/**
 * Entry of `dist/bundled-classes.cjs`, into which the bundler puts the classes themselves: all of apache-arrow's are 60 small
 * files, which take ten times as long to load as this one.
 */
export {
  Buffer,
  FieldNode,
  Message,
  MessageHeader,
  MetadataVersion,
  RecordBatch,
} from "apache-arrow/fb/Message_generated";
export {
  Binary,
  Bool,
  Endianness,
  Field,
  FloatingPoint,
  Int,
  KeyValue,
  List,
  Null,
  Precision,
  Schema,
  Struct_,
  Timestamp,
  TimeUnit,
  Type,
  Utf8,
} from "apache-arrow/fb/Schema_generated";
export { Builder, ByteBuffer, Encoding } from "flatbuffers";
