import type { HostReading as WireReading } from '../../../shared/contract/host.ts';
import type { HostReading } from '../collect/host/reading.ts';
import type { EngineParts } from '../engine-parts.ts';
import { contractOf } from './implementer.ts';

export function hostCalls({ metrics }: EngineParts) {
  const { host } = contractOf;
  return {
    facts: host.facts.handler(async () => {
      const facts = await metrics().hostFacts();
      return {
        hostname: facts.hostname,
        os: facts.operatingSystem,
        kernel: facts.kernel,
        architecture: facts.architecture,
        cpuModel: facts.cpuModel,
        cores: facts.cpuCount,
        memoryBytes: facts.memoryBytes,
        bootedAt: facts.bootTimeMs,
      };
    }),
    reading: host.reading.handler(async () => {
      const reading = await metrics().hostReading();
      return reading === null ? null : wireReading(reading);
    }),
    processes: host.processes.handler(async ({ input }) => {
      const top = await metrics().processes({ limit: input.limit, withIo: input.io || input.by === 'io' });
      return [...{ cpu: top.byCpu, memory: top.byMemory, io: top.byIo }[input.by]];
    }),
    hardware: host.hardware.handler(async () => {
      const { gpus, gpuProcesses, temperatures } = await metrics().hostHardware();
      return {
        gpus: gpus.map(({ uuid, powerDrawWatts, index: _, ...gpu }) => ({
          ...gpu,
          powerWatts: powerDrawWatts,
          processes: gpuProcesses
            .filter((each) => each.uuid === uuid)
            .map(({ pid, name, memoryBytes }) => ({ pid, name, memoryBytes })),
        })),
        temperatures,
      };
    }),
  };
}

export function wireReading(reading: HostReading): WireReading {
  const { memory, worstFilesystem: fullest } = reading;
  return {
    at: reading.timestampMs,
    cpuRatio: reading.cpuRatio,
    load1: reading.load?.[0] ?? null,
    cores: reading.cpuCount ?? 0,
    memory: memory === null ? null : { usedBytes: memory.usedBytes, totalBytes: memory.totalBytes },
    swap:
      memory === null || memory.swapTotalBytes === 0
        ? null
        : { usedBytes: memory.swapUsedBytes, totalBytes: memory.swapTotalBytes },
    fullestFilesystem:
      fullest === null
        ? null
        : {
            mountpoint: fullest.mountpoint,
            usedBytes: fullest.sizeBytes * fullest.usedRatio,
            totalBytes: fullest.sizeBytes,
          },
    networkReceiveBytesPerSecond: reading.network?.receivedBytesPerSecond ?? null,
    networkTransmitBytesPerSecond: reading.network?.transmittedBytesPerSecond ?? null,
    diskReadBytesPerSecond: reading.disk?.readBytesPerSecond ?? null,
    diskWriteBytesPerSecond: reading.disk?.writtenBytesPerSecond ?? null,
    temperatureCelsius: reading.temperatureMaxCelsius,
    uptimeSeconds: (reading.uptimeMs ?? 0) / 1000,
  };
}
