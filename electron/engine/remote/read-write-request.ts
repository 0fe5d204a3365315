import { ProtobufReader } from './protobuf-reader.ts';
import { MalformedData } from './snappy.ts';

/** One series of a request, with its samples as the sender put them. */
export interface WrittenSeries {
  /** Name, value, name, value, …; as sent, unchecked. */
  readonly labels: readonly string[];
  readonly samples: readonly WrittenSample[];
  /** What is not stored here. */
  readonly histograms: number;
  readonly exemplars: number;
}

export interface WrittenSample {
  /** Epoch milliseconds. */
  readonly timestampMs: number;
  readonly value: number;
  /** The value is a stale marker; only its bits tell, and JavaScript may not keep them. */
  readonly isStale: boolean;
}

/**
 * The series of a `prometheus.WriteRequest` (remote write 1.0), one at a time.
 *
 * @throws MalformedData
 * Source: Prometheus, prompb/remote.proto and types.proto.
 */
export function* readWriteRequest(message: Uint8Array): Generator<WrittenSeries> {
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field === 1) yield readSeries(reader.message(), readLabelPair, []);
    else reader.skip();
  }
}

/**
 * The series of an `io.prometheus.write.v2.Request` (remote write 2.0). Symbols may stand behind the series that use
 * them, so the message is read twice.
 *
 * @throws MalformedData
 * Source: Prometheus, prompb/io/prometheus/write/v2/types.proto.
 */
export function* readWriteRequest2(message: Uint8Array): Generator<WrittenSeries> {
  const symbols: string[] = [];
  const first = new ProtobufReader(message);
  while (first.next()) {
    if (first.field === 4) symbols.push(first.text());
    else first.skip();
  }
  if (symbols.length > 0 && symbols[0] !== '') throw new MalformedData('the first symbol is not the empty text');
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field === 5) yield readSeries(reader.message(), readReferences, symbols);
    else reader.skip();
  }
}

type LabelReader = (reader: ProtobufReader, into: string[], symbols: readonly string[]) => void;

/** Fields of both versions: 1 labels, 2 samples; exemplars and histograms change places, and are only counted. */
function readSeries(reader: ProtobufReader, readLabels: LabelReader, symbols: readonly string[]): WrittenSeries {
  const labels: string[] = [];
  const samples: WrittenSample[] = [];
  const [histogramField, exemplarField] = readLabels === readLabelPair ? [4, 3] : [3, 4];
  let [histograms, exemplars] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) readLabels(reader, labels, symbols);
    else if (reader.field === 2) samples.push(readSample(reader.message()));
    else {
      if (reader.field === histogramField) histograms++;
      else if (reader.field === exemplarField) exemplars++;
      reader.skip();
    }
  }
  return { labels, samples, histograms, exemplars };
}

function readLabelPair(reader: ProtobufReader, into: string[]): void {
  const label = reader.message();
  let [name, value] = ['', ''];
  while (label.next()) {
    if (label.field === 1) name = label.text();
    else if (label.field === 2) value = label.text();
    else label.skip();
  }
  into.push(name, value);
}

/** Numbers of symbols, packed or, as every reader has to accept too, one by one. */
function readReferences(reader: ProtobufReader, into: string[], symbols: readonly string[]): void {
  const packed = reader.wireType === 2 ? reader.message() : null;
  do {
    if (packed?.isAtEnd === true) return;
    const reference = (packed ?? reader).unsigned();
    const symbol = symbols[reference];
    if (symbol === undefined) throw new MalformedData(`a label refers to symbol ${reference} of ${symbols.length}`);
    into.push(symbol);
  } while (packed !== null);
}

/** Source of the bits: shared/model/stale-marker.ts. */
function readSample(reader: ProtobufReader): WrittenSample {
  let [timestampMs, value, isStale] = [0, 0, false];
  while (reader.next()) {
    if (reader.field === 1) {
      const double = reader.double();
      isStale = double.high === 0x7ff00000 && double.low === 2;
      value = isStale ? NaN : double.value;
    } else if (reader.field === 2) timestampMs = reader.signed();
    else reader.skip();
  }
  return { timestampMs, value, isStale };
}
