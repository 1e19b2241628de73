/** Freezes objects and arrays all the way down. Buffers and Maps can't be frozen: their types are read-only instead. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) {
    return value;
  }
  const inside = value instanceof Map ? value.values() : Object.values(value);
  for (const part of inside) deepFreeze(part);
  return Object.freeze(value);
}
