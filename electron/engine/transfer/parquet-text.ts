import { zstdCompressSync } from 'node:zlib';
import { ThriftWriter } from './thrift-writer.ts';

/** Physical types, codecs and encodings of parquet.thrift. Source: github.com/apache/parquet-format. */
const INT64 = 2;
const DOUBLE = 5;
const BYTE_ARRAY = 6;
const REQUIRED = 0;
const UTF8 = 0;
const TIMESTAMP_MILLIS = 9;
const PLAIN = 0;
const RLE = 3;
const ZSTD = 6;
const DATA_PAGE = 0;

const MAGIC = Buffer.from('PAR1');
const GROUP_ROWS = 200_000;

interface Column {
  readonly name: string;
  readonly type: number;
  readonly converted: number | null;
}

interface WrittenChunk {
  readonly offset: number;
  readonly rawSizeBytes: number;
  readonly sizeBytes: number;
}

/** A Parquet file of texts that stay the same for a stretch, a time in milliseconds and a double, as pieces to write. */
export class ParquetText {
  readonly #columns: readonly Column[];
  readonly #groups: { readonly rows: number; readonly chunks: readonly WrittenChunk[] }[] = [];
  #stretches: { readonly texts: readonly string[]; readonly rows: number }[] = [];
  #times: number[] = [];
  #values: number[] = [];
  #position = 0;
  #totalRows = 0;

  constructor(textColumns: readonly string[]) {
    this.#columns = [
      { name: 'time', type: INT64, converted: TIMESTAMP_MILLIS },
      ...textColumns.map((name) => ({ name, type: BYTE_ARRAY, converted: UTF8 })),
      { name: 'value', type: DOUBLE, converted: null },
    ];
  }

  /** Rows that share the same texts. Gives bytes when a group of rows is full. */
  rows(texts: readonly string[], timesMs: readonly number[], values: readonly number[]): Uint8Array {
    const pieces = [this.#start()];
    for (let at = 0; at < values.length;) {
      const rows = Math.min(values.length - at, GROUP_ROWS - this.#values.length);
      this.#stretches.push({ texts, rows });
      for (let i = at; i < at + rows; i++) {
        this.#times.push(timesMs[i] as number);
        this.#values.push(values[i] as number);
      }
      at += rows;
      if (this.#values.length >= GROUP_ROWS) pieces.push(this.#flush());
    }
    return Buffer.concat(pieces);
  }

  /** What is left, and the directory that a reader begins with. */
  end(): Uint8Array {
    const pieces = [this.#start()];
    if (this.#values.length > 0) pieces.push(this.#flush());
    const footer = this.#footer();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    return Buffer.concat([...pieces, footer, length, MAGIC]);
  }

  #start(): Buffer {
    if (this.#position > 0) return Buffer.alloc(0);
    this.#position = MAGIC.length;
    return MAGIC;
  }

  #flush(): Buffer {
    const rows = this.#values.length;
    const bodies = this.#columns.map(({ type }, index) => {
      if (type === INT64) return Buffer.from(BigInt64Array.from(this.#times, (time) => BigInt(time)).buffer);
      if (type === DOUBLE) return Buffer.from(Float64Array.from(this.#values).buffer);
      return this.#textBody(index - 1);
    });
    const chunks: WrittenChunk[] = [];
    const pieces: Buffer[] = [];
    for (const body of bodies) {
      const compressed = zstdCompressSync(body);
      const header = pageHeader(body.length, compressed.length, rows);
      chunks.push({
        offset: this.#position,
        rawSizeBytes: header.length + body.length,
        sizeBytes: header.length + compressed.length,
      });
      this.#position += header.length + compressed.length;
      pieces.push(header, compressed);
    }
    this.#groups.push({ rows, chunks });
    this.#totalRows += rows;
    this.#stretches = [];
    this.#times = [];
    this.#values = [];
    return Buffer.concat(pieces);
  }

  #textBody(place: number): Buffer {
    const pieces = this.#stretches.map(({ texts, rows }) => {
      const text = Buffer.from(texts[place] ?? '');
      const one = Buffer.alloc(4 + text.length);
      one.writeUInt32LE(text.length);
      text.copy(one, 4);
      return Buffer.alloc(one.length * rows, one);
    });
    return Buffer.concat(pieces);
  }

  #footer(): Buffer {
    const thrift = new ThriftWriter();
    thrift.i32(1, 1); // version
    thrift.structs(2, this.#columns.length + 1);
    thrift.beginElement();
    thrift.text(4, 'schema');
    thrift.i32(5, this.#columns.length);
    thrift.end();
    for (const { name, type, converted } of this.#columns) {
      thrift.beginElement();
      thrift.i32(1, type);
      thrift.i32(3, REQUIRED);
      thrift.text(4, name);
      if (converted !== null) thrift.i32(6, converted);
      thrift.end();
    }
    thrift.i64(3, this.#totalRows);
    thrift.structs(4, this.#groups.length);
    for (const { rows, chunks } of this.#groups) this.#rowGroup(thrift, rows, chunks);
    thrift.text(6, 'vedette');
    thrift.end();
    return thrift.bytes();
  }

  #rowGroup(thrift: ThriftWriter, rows: number, chunks: readonly WrittenChunk[]): void {
    thrift.beginElement();
    thrift.structs(1, chunks.length);
    for (const [i, { offset, rawSizeBytes, sizeBytes }] of chunks.entries()) {
      const column = this.#columns[i] as Column; // a chunk per column
      thrift.beginElement();
      thrift.i64(2, offset);
      thrift.beginStruct(3);
      thrift.i32(1, column.type);
      thrift.i32s(2, [PLAIN, RLE]);
      thrift.texts(3, [column.name]);
      thrift.i32(4, ZSTD);
      thrift.i64(5, rows);
      thrift.i64(6, rawSizeBytes);
      thrift.i64(7, sizeBytes);
      thrift.i64(9, offset);
      thrift.end();
      thrift.end();
    }
    thrift.i64(
      2,
      chunks.reduce((sum, { rawSizeBytes }) => sum + rawSizeBytes, 0),
    );
    thrift.i64(3, rows);
    thrift.end();
  }
}

function pageHeader(rawSizeBytes: number, sizeBytes: number, rows: number): Buffer {
  const thrift = new ThriftWriter();
  thrift.i32(1, DATA_PAGE);
  thrift.i32(2, rawSizeBytes);
  thrift.i32(3, sizeBytes);
  thrift.beginStruct(5);
  thrift.i32(1, rows);
  thrift.i32(2, PLAIN);
  thrift.i32(3, RLE);
  thrift.i32(4, RLE);
  thrift.end();
  thrift.end();
  return thrift.bytes();
}
